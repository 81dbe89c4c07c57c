package dev.realtime.spring.upgrade;

import java.lang.reflect.Method;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * Jetty 12, as its own WebSocket does it: a request of HTTP/1.1 names the connection that
 * its socket gets after it. Jetty does not have the protocol upgrade of the Servlet
 * specification.
 */
final class JettyContainer implements SocketContainer {

	@Override
	public @Nullable UpgradedSocket take(HttpServletRequest request, HttpServletResponse response) {
		if (!(behind(request, "getRequest") instanceof Request asked)
				|| !(behind(response, "getResponse") instanceof Response answer)
				|| asked.getConnectionMetaData().getHttpVersion() != HttpVersion.HTTP_1_1) {
			return null;
		}
		ConnectionMetaData connection = asked.getConnectionMetaData();
		Connector connector = connection.getConnector();
		JettySocket socket = new JettySocket(connection.getConnection().getEndPoint(), connector.getExecutor(), answer);
		connector.getEventListeners().forEach(socket::addEventListener);
		asked.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, socket);
		return socket;
	}

	/**
	 * Returns what is behind an object of the servlet API. Its class has the same method,
	 * but not the same name, for each version of the Servlet specification.
	 */
	private static @Nullable Object behind(Object servlet, String name) {
		if (!servlet.getClass().getName().startsWith("org.eclipse.jetty.")) {
			return null;
		}
		Method method = ReflectionUtils.findMethod(servlet.getClass(), name);
		return (method != null) ? ReflectionUtils.invokeMethod(method, servlet) : null;
	}

}

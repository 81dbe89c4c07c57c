package dev.realtime.spring.upgrade;

import java.io.IOException;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/** Tomcat, through the protocol upgrade of the Servlet specification. */
final class TomcatContainer implements SocketContainer {

	@Override
	public @Nullable UpgradedSocket take(HttpServletRequest request, HttpServletResponse response)
			throws IOException, ServletException {
		if (!request.getServletContext().getServerInfo().startsWith("Apache Tomcat")) {
			return null;
		}
		TomcatSocket socket = request.upgrade(TomcatSocket.class);
		HandshakeEnd.watch(request, response, socket);
		return socket;
	}

}

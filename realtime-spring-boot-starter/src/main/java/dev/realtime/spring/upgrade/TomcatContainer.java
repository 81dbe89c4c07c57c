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
		return request.getServletContext().getServerInfo().startsWith("Apache Tomcat")
				? request.upgrade(TomcatSocket.class) : null;
	}

}

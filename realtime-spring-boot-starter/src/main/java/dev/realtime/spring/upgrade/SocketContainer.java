package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/** A kind of servlet container that hands sockets over. */
interface SocketContainer {

	/**
	 * Asks for the socket of a WebSocket handshake, which is ours when the request has
	 * been handled.
	 * @param request the container's own, which no filter has wrapped
	 * @param response the container's own; the socket is handed over only with status 101
	 * @return null if the request is another container's, or the container keeps its
	 * socket
	 */
	@Nullable UpgradedSocket take(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;

	/** Returns the kinds that may be there, by the class path. */
	static List<SocketContainer> present() {
		ClassLoader loader = SocketContainer.class.getClassLoader();
		List<SocketContainer> present = new ArrayList<>(2);
		if (ClassUtils.isPresent("org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler", loader)) {
			present.add(new TomcatContainer());
		}
		if (ClassUtils.isPresent("org.eclipse.jetty.server.HttpStream", loader)) {
			present.add(new JettyContainer());
		}
		return List.copyOf(present);
	}

}

package dev.realtime.bench.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;

/**
 * What Tomcat could do at best: a servlet takes the socket over by the protocol upgrade,
 * and one thread writes each message to every socket, encoded once. There is nothing that
 * makes a product: no topics, numbers, log, users or bounds. Messages that are ready
 * together share one write.
 */
final class UpgradeServer extends HttpServlet {

	private static final long serialVersionUID = 1L;

	/** RFC 6455, section 1.3. */
	private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private static final int LISTEN_QUEUE = 4_096;

	private final transient UpgradeShard shard = new UpgradeShard();

	private UpgradeServer() {
	}

	/** Listens on the port, or on a free one for 0; returns it. */
	static int start(int port, int maxConnections) {
		UpgradeServer server = new UpgradeServer();
		Tomcat tomcat = new Tomcat();
		try {
			tomcat.setBaseDir(Files.createTempDirectory("realtime-bench-tomcat").toString());
			tomcat.setPort(port);
			Connector connector = tomcat.getConnector();
			connector.setProperty("maxConnections", String.valueOf(maxConnections));
			connector.setProperty("acceptCount", String.valueOf(LISTEN_QUEUE));
			Context context = tomcat.addContext("", null);
			Tomcat.addServlet(context, "upgrade", server).addMapping("/realtime");
			tomcat.start();
			server.shard.start();
			return connector.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (LifecycleException ex) {
			throw new IllegalStateException("Tomcat does not start", ex);
		}
	}

	@Override
	protected void doGet(HttpServletRequest request, HttpServletResponse response)
			throws ServletException, IOException {
		response.setHeader("Upgrade", "websocket");
		response.setHeader("Connection", "Upgrade");
		response.setHeader("Sec-WebSocket-Accept", accept(request.getHeader("Sec-WebSocket-Key")));
		response.setHeader("Sec-WebSocket-Protocol", "v12.stomp");
		request.upgrade(UpgradedClient.class).begin(this.shard);
	}

	private static String accept(String key) throws ServletException {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
			return Base64.getEncoder().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new ServletException(ex);
		}
	}

}

package dev.realtime.spring.asyncapi;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where clients connect. Public for our own packages; not for applications.
 *
 * @param secure whether over TLS
 * @param host the host, with the port if that is not the usual one
 * @param path the path, or an empty string
 */
public record ServerAddress(boolean secure, String host, String path) {

	private static final int HTTP = 80;

	private static final int HTTPS = 443;

	/**
	 * The address of a request.
	 * @param host the host without a port
	 * @param base the part of the path before the application's own paths
	 */
	public static ServerAddress of(boolean secure, String host, int port, String base) {
		String written = (host.indexOf(':') >= 0 && !host.startsWith("[")) ? '[' + host + ']' : host;
		boolean usual = port <= 0 || port == (secure ? HTTPS : HTTP);
		return new ServerAddress(secure, usual ? written : written + ':' + port, base);
	}

	static ServerAddress of(URI uri) {
		return new ServerAddress("wss".equals(uri.getScheme()), uri.getRawAuthority(), uri.getRawPath());
	}

	/** The same host with a path more. */
	ServerAddress at(String more) {
		return new ServerAddress(this.secure, this.host, this.path + more);
	}

	/** The document's object for it. */
	Map<String, Object> describe() {
		Map<String, Object> server = new LinkedHashMap<>();
		server.put("host", this.host);
		if (!this.path.isEmpty()) {
			server.put("pathname", this.path);
		}
		server.put("protocol", this.secure ? "wss" : "ws");
		server.put("description", "STOMP 1.2 over WebSocket, with the subprotocol v12.stomp");
		server.put("x-realtime-subprotocol", "v12.stomp");
		return server;
	}

}

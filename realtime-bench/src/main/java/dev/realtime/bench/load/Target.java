package dev.realtime.bench.load;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Where a WebSocket is opened, and how.
 *
 * @param host name or address, without brackets
 * @param tls whether the connection is encrypted
 * @param insecure whether any certificate is accepted
 * @param path path and query of the handshake
 * @param headers further lines of the handshake, in which <code>{n}</code> stands for the
 * client's number
 */
public record Target(String host, int port, boolean tls, boolean insecure, String path, List<String> headers) {

	private static final int HTTP = 80;

	private static final int HTTPS = 443;

	public Target {
		headers = List.copyOf(headers);
	}

	/** A server on this machine. */
	static Target loopback(int port, String path) {
		return new Target("127.0.0.1", port, false, false, path, List.of());
	}

	/**
	 * An address as {@code ws://host:port/path} or {@code wss://host/path}.
	 * @throws IllegalArgumentException when it is none, saying what is wrong
	 */
	public static Target of(String url, boolean insecure, List<String> headers) {
		URI uri = uri(url);
		String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
		@Nullable String host = uri.getHost();
		if (!List.of("ws", "wss").contains(scheme) || host == null) {
			throw new IllegalArgumentException(
					"--url must be ws://HOST[:PORT]/PATH or wss://HOST[:PORT]/PATH, not \"" + url + '"');
		}
		boolean tls = scheme.equals("wss");
		String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
		String query = (uri.getRawQuery() != null) ? '?' + uri.getRawQuery() : "";
		int port = (uri.getPort() >= 0) ? uri.getPort() : tls ? HTTPS : HTTP;
		return new Target(host.replaceAll("[\\[\\]]", ""), port, tls, insecure, path + query, headers);
	}

	/** Scheme, host and port, as messages name it. */
	public String name() {
		String known = (this.host.indexOf(':') >= 0) ? '[' + this.host + ']' : this.host;
		return (this.tls ? "wss://" : "ws://") + known
				+ ((this.port == (this.tls ? HTTPS : HTTP)) ? "" : ":" + this.port);
	}

	/** The request of the handshake. */
	String request(int client, String protocol) {
		StringBuilder request = new StringBuilder("GET ").append(this.path.replace("%7Bn%7D", String.valueOf(client)))
			.append(" HTTP/1.1\r\nHost: ")
			.append(name().substring(name().indexOf("//") + 2))
			.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
			.append("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n");
		if (!protocol.isEmpty()) {
			request.append("Sec-WebSocket-Protocol: ").append(protocol).append("\r\n");
		}
		this.headers.forEach((line) -> request.append(line.replace("{n}", String.valueOf(client))).append("\r\n"));
		return request.append("\r\n").toString();
	}

	private static URI uri(String url) {
		try {
			// Braces are not legal in an address, but a query may have the client's
			// number.
			return new URI(url.replace("{n}", "%7Bn%7D"));
		}
		catch (URISyntaxException ex) {
			throw new IllegalArgumentException("--url is not an address: " + ex.getMessage(), ex);
		}
	}

}

package dev.realtime.spring.isolation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.function.Consumer;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One address of one node. Java's HTTP client connects to a name, whichever of its
 * addresses that is, and checks the certificate for an address that it is given; this
 * connects to the address and checks the certificate for the name.
 *
 * @param uri what to get
 * @param address where
 */
record PeerAddress(URI uri, InetAddress address) {

	/** Largest answer, with its headers. */
	private static final int MOST_BYTES = 16_384;

	/**
	 * Asks; blocks. Redirects are not followed, and nothing but a 200 is an answer.
	 * @param timeout for the connection, and for each piece of the answer
	 * @param opened gets the socket, which another thread may close to end this at once
	 * @return the body
	 * @throws IOException if there is no answer
	 */
	String get(Duration timeout, Consumer<Socket> opened) throws IOException {
		try (Socket plain = new Socket()) {
			opened.accept(plain);
			int millis = (int) timeout.toMillis();
			plain.setSoTimeout(millis);
			plain.connect(new InetSocketAddress(this.address, port()), millis);
			if (!isTls()) {
				return ask(plain);
			}
			try (SSLSocket socket = (SSLSocket) sockets().createSocket(plain, host(), port(), true)) {
				SSLParameters parameters = socket.getSSLParameters();
				parameters.setEndpointIdentificationAlgorithm("HTTPS");
				socket.setSSLParameters(parameters);
				return ask(socket);
			}
		}
	}

	private String ask(Socket socket) throws IOException {
		String path = this.uri.getRawPath();
		String request = "GET " + (path.isEmpty() ? "/" : path) + " HTTP/1.1\r\nHost: " + authority()
				+ "\r\nAccept: application/json\r\nConnection: close\r\n\r\n";
		socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
		return HttpAnswer.body(read(socket.getInputStream()));
	}

	/** Those of the JVM, with its trust store. */
	private static SSLSocketFactory sockets() throws IOException {
		try {
			return SSLContext.getDefault().getSocketFactory();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IOException("the JVM has no usable TLS", ex);
		}
	}

	/** To the end of the connection; what a peer sends without an end is no answer. */
	private static String read(InputStream in) throws IOException {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		byte[] buffer = new byte[4_096];
		for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
			all.write(buffer, 0, count);
			if (all.size() > MOST_BYTES) {
				throw new IOException("the answer is larger than " + MOST_BYTES + " bytes");
			}
		}
		return all.toString(StandardCharsets.ISO_8859_1);
	}

	private boolean isTls() {
		return "https".equals(this.uri.getScheme());
	}

	private int port() {
		return (this.uri.getPort() >= 0) ? this.uri.getPort() : isTls() ? 443 : 80;
	}

	/** Without the brackets of an IPv6 address. */
	private String host() {
		return host(this.uri);
	}

	static String host(URI uri) {
		String host = uri.getHost();
		return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
	}

	private String authority() {
		return this.uri.getHost() + ((this.uri.getPort() >= 0) ? ":" + this.uri.getPort() : "");
	}

}

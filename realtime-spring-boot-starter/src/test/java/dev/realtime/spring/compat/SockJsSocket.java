package dev.realtime.spring.compat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A STOMP client that reads only while it waits for something: over SockJS, by WebSocket
 * or by HTTP, or over a plain WebSocket.
 */
final class SockJsSocket implements AutoCloseable {

	private static final AtomicInteger IDS = new AtomicInteger();

	private final String path = "/sockjs/000/s" + IDS.incrementAndGet();

	private final int port;

	private final boolean http;

	private final boolean sockJs;

	private final Socket socket;

	/** What was read and is not awaited yet. */
	private final StringBuilder read = new StringBuilder();

	SockJsSocket(int port, boolean http, boolean sockJs) throws IOException {
		this.port = port;
		this.http = http;
		this.sockJs = sockJs;
		this.socket = dial();
		if (http) {
			write(this.socket, post(this.path + "/xhr_streaming", ""));
		}
		else {
			write(this.socket,
					"GET " + (sockJs ? this.path + "/websocket" : "/plain") + " HTTP/1.1\r\nHost: localhost:" + port
							+ "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
							+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
		}
		await("\r\n\r\n");
	}

	SockJsSocket connect() throws IOException {
		if (this.sockJs) {
			await("o");
		}
		send("CONNECT\naccept-version:1.2\nhost:localhost\nheart-beat:0,0\n\n\0");
		await("CONNECTED");
		return this;
	}

	SockJsSocket subscribe(String destination) throws IOException {
		send("SUBSCRIBE\nid:" + destination + "\ndestination:" + destination + "\nreceipt:" + destination + "\n\n\0");
		await("receipt-id:" + destination);
		return this;
	}

	/** Sends a frame. */
	void send(String frame) throws IOException {
		String message = this.sockJs ? "[\"" + frame.replace("\n", "\\n").replace("\0", "\\u0000") + "\"]" : frame;
		if (this.http) {
			try (Socket sender = dial()) {
				write(sender, post(this.path + "/xhr_send", message));
				sender.setSoTimeout(10_000);
				if (sender.getInputStream().read() < 0) {
					throw new IOException("Not sent");
				}
			}
		}
		else {
			this.socket.getOutputStream().write(text(message));
		}
	}

	/** Reads until this has come, as it is on the wire. */
	void await(String text) throws IOException {
		this.socket.setSoTimeout(10_000);
		InputStream in = this.socket.getInputStream();
		byte[] bytes = new byte[16_384];
		int at = this.read.indexOf(text);
		while (at < 0) {
			this.read.delete(0, Math.max(0, this.read.length() - text.length()));
			int count = in.read(bytes);
			if (count < 0) {
				throw new IOException("Closed before \"" + text + '"');
			}
			this.read.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
			at = this.read.indexOf(text);
		}
		this.read.delete(0, at + text.length());
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private Socket dial() throws IOException {
		Socket made = new Socket();
		made.setReceiveBufferSize(4_096);
		made.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
		return made;
	}

	private static void write(Socket to, String ascii) throws IOException {
		to.getOutputStream().write(ascii.getBytes(StandardCharsets.US_ASCII));
	}

	private static String post(String path, String body) {
		return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: "
				+ body.length() + "\r\n\r\n" + body;
	}

	/** A masked text frame of ASCII; the mask is zero. */
	private static byte[] text(String text) {
		byte[] payload = text.getBytes(StandardCharsets.US_ASCII);
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.write(0x81);
		if (payload.length < 126) {
			frame.write(0x80 | payload.length);
		}
		else {
			frame.write(0x80 | 126);
			frame.write(payload.length >> 8);
			frame.write(payload.length & 0xff);
		}
		frame.writeBytes(new byte[4]);
		frame.writeBytes(payload);
		return frame.toByteArray();
	}

}

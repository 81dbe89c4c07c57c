package dev.realtime.spring.journey;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A client that subscribes and then never reads again: its receive window closes. */
final class StuckReader implements AutoCloseable {

	private final Socket socket = new Socket();

	StuckReader(int port, String destination) throws IOException {
		this.socket.setReceiveBufferSize(4_096);
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		write(("GET /realtime HTTP/1.1\r\nHost: localhost:" + port + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
				+ "Sec-WebSocket-Protocol: v12.stomp\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
		readUntil("\r\n\r\n");
		write(text("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0"));
		readUntil("CONNECTED");
		write(text("SUBSCRIBE\nid:stuck\ndestination:" + destination + "\nreceipt:live\n\n\0"));
		readUntil("receipt-id:live");
	}

	/** Whether the server has closed the connection, as far as writing to it tells. */
	boolean isClosedByServer() {
		try {
			write(text("\n"));
			return false;
		}
		catch (IOException ex) {
			return true;
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private void write(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		this.socket.getOutputStream().flush();
	}

	private void readUntil(String text) throws IOException {
		InputStream in = this.socket.getInputStream();
		StringBuilder read = new StringBuilder();
		while (read.indexOf(text) < 0) {
			int octet = in.read();
			if (octet < 0) {
				throw new IOException("Closed before \"" + text + "\": " + read);
			}
			read.append((char) octet);
		}
	}

	/** A masked text frame, as RFC 6455 wants of clients; the mask is zero. */
	private static byte[] text(String text) {
		byte[] payload = text.getBytes(StandardCharsets.UTF_8);
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

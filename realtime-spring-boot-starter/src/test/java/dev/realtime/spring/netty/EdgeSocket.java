package dev.realtime.spring.netty;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

import io.netty.util.NetUtil;

/** A client that sees and writes every byte. Gives up after 10 s without an answer. */
final class EdgeSocket implements AutoCloseable {

	static final int FINAL = 0x80;

	static final int COMPRESSED = 0x40;

	static final int TEXT = 1;

	private final Socket socket;

	private final DataInputStream in;

	private EdgeSocket(Socket socket) throws IOException {
		this.socket = socket;
		this.socket.setSoTimeout(10_000);
		this.in = new DataInputStream(socket.getInputStream());
	}

	static EdgeSocket open(int port) throws IOException {
		return new EdgeSocket(new Socket(NetUtil.LOCALHOST4, port));
	}

	/** Opens a WebSocket; each of the headers ends with CR LF. */
	static EdgeSocket connect(int port, String headers) throws IOException {
		EdgeSocket client = open(port);
		client.write(handshake(headers));
		client.readAnswer();
		return client;
	}

	static byte[] handshake(String headers) {
		return ascii("GET /realtime HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
				+ "Sec-WebSocket-Protocol: v12.stomp\r\n" + headers + "\r\n");
	}

	static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

	void write(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		this.socket.getOutputStream().flush();
	}

	/** The status line and the headers. */
	String readAnswer() throws IOException {
		StringBuilder read = new StringBuilder();
		while (read.indexOf("\r\n\r\n") < 0) {
			read.append((char) this.in.readUnsignedByte());
		}
		return read.toString();
	}

	/**
	 * Whether the server ended the connection and said nothing: at once, what it had not
	 * read being thrown away, or in an orderly way.
	 */
	boolean isEndedInSilence() throws IOException {
		try {
			return this.in.read() < 0;
		}
		catch (SocketException ex) {
			return true;
		}
	}

	void send(String text) throws IOException {
		send(FINAL | TEXT, text.getBytes(StandardCharsets.UTF_8));
	}

	void send(int first, byte[] payload) throws IOException {
		write(frame(first, payload));
	}

	/** A frame with this first byte; its mask is zero. */
	static byte[] frame(int first, byte[] payload) {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.write(first);
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

	WireFrame read() throws IOException {
		int first = this.in.readUnsignedByte();
		int length = this.in.readUnsignedByte();
		if (length == 126) {
			length = this.in.readUnsignedShort();
		}
		else if (length == 127) {
			length = Math.toIntExact(this.in.readLong());
		}
		byte[] payload = new byte[length];
		this.in.readFully(payload);
		return new WireFrame(first, payload);
	}

	/** Reads on until a frame's text contains this. */
	WireFrame readUntil(String text) throws IOException {
		WireFrame frame = read();
		while (!frame.text().contains(text)) {
			if (frame.opcode() == 8) {
				throw new EOFException("Closed before \"" + text + "\": " + frame.closeCode());
			}
			frame = read();
		}
		return frame;
	}

	/** Reads on until the close frame, and says its code. */
	int readCloseCode() throws IOException {
		WireFrame frame = read();
		while (frame.opcode() != 8) {
			frame = read();
		}
		return frame.closeCode();
	}

	/** Sends CONNECT, and SUBSCRIBE if there is something to. */
	void subscribe(String destination) throws IOException {
		send("CONNECT\naccept-version:1.2\nhost:localhost\n\n\0");
		readUntil("CONNECTED");
		send("SUBSCRIBE\nid:s\ndestination:" + destination + "\nreceipt:live\n\n\0");
		readUntil("receipt-id:live");
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}

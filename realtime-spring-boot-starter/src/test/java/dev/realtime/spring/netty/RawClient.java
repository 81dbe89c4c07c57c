package dev.realtime.spring.netty;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that sends what it is told, byte by byte; reading waits 20 s at most. */
final class RawClient implements AutoCloseable {

	private static final int LONGEST_READ_MILLIS = 20_000;

	private final Socket socket = new Socket();

	private final DataInputStream input;

	private final StringBuilder texts = new StringBuilder();

	private RawClient(int port, int receiveBuffer) throws IOException {
		if (receiveBuffer > 0) {
			this.socket.setReceiveBufferSize(receiveBuffer);
		}
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(LONGEST_READ_MILLIS);
		this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		this.input = new DataInputStream(new BufferedInputStream(this.socket.getInputStream()));
	}

	/** A TCP connection and no more. */
	static RawClient dial(int port) throws IOException {
		return new RawClient(port, 0);
	}

	/** One that the server can send little to while it does not read. */
	static RawClient dialWithSmallBuffer(int port) throws IOException {
		return new RawClient(port, 4_096);
	}

	/** A STOMP session that is ready. */
	static RawClient connect(int port) throws IOException {
		return dial(port).shakeHands().introduce();
	}

	/** A handshake, with more header lines or without one of its own. */
	static String handshake(String... more) {
		return "GET /realtime HTTP/1.1\r\nHost: localhost:80\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
				+ "Sec-WebSocket-Protocol: v12.stomp\r\n" + String.join("", more) + "\r\n";
	}

	RawClient shakeHands() throws IOException {
		send(handshake());
		String answer = readHead();
		if (!answer.startsWith("HTTP/1.1 101 ")) {
			throw new IOException("No WebSocket: " + answer);
		}
		return this;
	}

	RawClient introduce() throws IOException {
		send(ClientFrame.text("CONNECT\naccept-version:1.2\nhost:localhost\nheart-beat:0,0\n\n\0"));
		awaitText("CONNECTED\n");
		return this;
	}

	RawClient subscribe(String topic) throws IOException {
		send(ClientFrame
			.text("SUBSCRIBE\nid:" + topic + "\ndestination:/topic/" + topic + "\nreceipt:" + topic + "-live\n\n\0"));
		awaitText("receipt-id:" + topic + "-live\n");
		return this;
	}

	RawClient send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
		return this;
	}

	/** For other threads. */
	void sendUnchecked(byte[] bytes) {
		try {
			send(bytes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	RawClient send(String ascii) throws IOException {
		return send(ascii.getBytes(StandardCharsets.US_ASCII));
	}

	/** Each byte in a segment of its own, as far as the system lets us. */
	RawClient sendBytewise(byte[] bytes) throws IOException {
		for (byte each : bytes) {
			this.socket.getOutputStream().write(each);
		}
		return this;
	}

	/** Reads an HTTP answer up to the blank line. */
	String readHead() throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.indexOf("\r\n\r\n") < 0) {
			head.append((char) this.input.readUnsignedByte());
		}
		return head.toString();
	}

	/** Reads until the server closes. */
	String readToEnd() throws IOException {
		return new String(this.input.readAllBytes(), StandardCharsets.UTF_8);
	}

	ServerFrame readFrame() throws IOException {
		int first = this.input.readUnsignedByte();
		int length = this.input.readUnsignedByte();
		if (length == 126) {
			length = this.input.readUnsignedShort();
		}
		else if (length == 127) {
			length = Math.toIntExact(this.input.readLong());
		}
		return new ServerFrame(first & 0xf, ByteBuffer.wrap(this.input.readNBytes(length)));
	}

	/** Reads until this was received; whatever else comes is remembered. */
	RawClient awaitText(String wanted) throws IOException {
		while (this.texts.indexOf(wanted) < 0) {
			ServerFrame frame = readFrame();
			if (frame.opcode() == ClientFrame.CLOSE) {
				throw new IOException("Closed with " + frame.code() + " before " + wanted + " in " + this.texts);
			}
			if (frame.opcode() == ClientFrame.TEXT) {
				this.texts.append(frame.text());
			}
		}
		return this;
	}

	/** Reads up to the next frame of a kind. */
	ServerFrame await(int opcode) throws IOException {
		ServerFrame frame = readFrame();
		while (frame.opcode() != opcode) {
			frame = readFrame();
		}
		return frame;
	}

	/** The code of the server's close frame, the last thing that it says. */
	int awaitClose() throws IOException {
		int code = await(ClientFrame.CLOSE).code();
		this.socket.shutdownOutput();
		awaitEnd();
		return code;
	}

	/** The server must end the connection, with nothing more to say. */
	void awaitEnd() throws IOException {
		if (this.input.read() >= 0) {
			throw new IOException("Something came after the close frame");
		}
	}

	/** Reads until the server has ended the connection, however it does. */
	boolean isEnded() throws IOException {
		try {
			while (this.input.read() >= 0) {
				// What it says does not matter.
			}
			return true;
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
		catch (SocketException ex) {
			return true;
		}
	}

	/** Waits this long for the server to close, or to say anything. */
	boolean isOpenAfter(int millis) throws IOException {
		this.socket.setSoTimeout(millis);
		try {
			return this.input.read() >= 0;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		finally {
			this.socket.setSoTimeout(LONGEST_READ_MILLIS);
		}
	}

	String texts() {
		return this.texts.toString();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/** A frame as servers send them: neither masked nor in parts. */
	record ServerFrame(int opcode, ByteBuffer payload) {

		String text() {
			return StandardCharsets.UTF_8.decode(this.payload.duplicate()).toString();
		}

		int code() {
			return this.payload.getShort(0) & 0xffff;
		}

	}

}

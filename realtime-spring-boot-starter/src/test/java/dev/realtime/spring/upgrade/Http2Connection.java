package dev.realtime.spring.upgrade;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A client of HTTP/2 (RFC 9113) that asks one thing, byte by byte: no client library
 * sends an extended CONNECT (RFC 8441) to a server that has not announced it.
 */
final class Http2Connection implements AutoCloseable {

	private static final int DATA = 0;

	private static final int HEADERS = 1;

	private static final int RST_STREAM = 3;

	private static final int SETTINGS = 4;

	private static final int GOAWAY = 7;

	private static final int ACK = 1;

	private static final int END_HEADERS = 4;

	/** RFC 7541, appendix A: ":status: 200" as one byte. */
	private static final int STATUS_200 = 0x88;

	/** The same of 400; 404 and 500 follow. */
	private static final int STATUS_400 = 0x8c;

	private static final int STATUS_500 = 0x8e;

	/** The name ":status" with another value than those that have one byte. */
	private static final int STATUS_OTHER = 0x48;

	private final Socket socket;

	private final DataInputStream in;

	/** Begins the connection on a socket, which is this client's from now on. */
	Http2Connection(Socket socket) throws IOException {
		this.socket = socket;
		socket.setSoTimeout(10_000);
		this.in = new DataInputStream(socket.getInputStream());
		socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		write(SETTINGS, 0, 0, new byte[0]);
	}

	/**
	 * Asks for a WebSocket within HTTP/2.
	 * @return "reset", "goaway", "refused", "opened", or another status as it is coded
	 */
	String askForWebSocket(String scheme, String path) throws IOException {
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		for (List<String> field : List.of(List.of(":method", "CONNECT"), List.of(":protocol", "websocket"),
				List.of(":scheme", scheme), List.of(":authority", "localhost"), List.of(":path", path),
				List.of("sec-websocket-version", "13"), List.of("sec-websocket-protocol", "v12.stomp"))) {
			// A literal without indexing and without Huffman codes.
			block.write(0);
			string(block, field.get(0));
			string(block, field.get(1));
		}
		write(HEADERS, END_HEADERS, 1, block.toByteArray());
		Frame frame = next();
		return switch (frame.type) {
			case RST_STREAM -> "reset";
			case GOAWAY -> "goaway";
			case HEADERS -> status(frame.payload);
			default -> "frame " + frame.type;
		};
	}

	/** Returns the next bytes of the WebSocket that was opened, after this was said. */
	String answer(String said) throws IOException {
		byte[] text = said.getBytes(StandardCharsets.UTF_8);
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		// One text message, masked with zeros.
		message.writeBytes(new byte[] { (byte) 0x81, (byte) (0x80 | text.length), 0, 0, 0, 0 });
		message.writeBytes(text);
		write(DATA, 0, 1, message.toByteArray());
		return new String(next().payload, StandardCharsets.UTF_8);
	}

	/** The next frame that concerns the WebSocket. */
	private Frame next() throws IOException {
		while (true) {
			int length = (this.in.readUnsignedByte() << 16) | this.in.readUnsignedShort();
			int type = this.in.readUnsignedByte();
			int flags = this.in.readUnsignedByte();
			int stream = this.in.readInt();
			byte[] payload = this.in.readNBytes(length);
			if (type == SETTINGS && (flags & ACK) == 0) {
				write(SETTINGS, ACK, 0, new byte[0]);
			}
			else if (type == GOAWAY
					|| (stream == 1 && (type == RST_STREAM || type == HEADERS || (type == DATA && length > 0)))) {
				return new Frame(type, payload);
			}
		}
	}

	private static String status(byte[] block) {
		int at = 0;
		if ((block[0] & 0xe0) == 0x20) {
			// The size of the table, 4,096 in three bytes.
			at = 3;
		}
		int first = block[at] & 0xff;
		if (first == STATUS_200) {
			return "opened";
		}
		boolean refused = (first >= STATUS_400 && first <= STATUS_500) || first == STATUS_OTHER;
		return refused ? "refused" : "status " + first;
	}

	private static void string(ByteArrayOutputStream block, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		block.write(bytes.length);
		block.writeBytes(bytes);
	}

	private void write(int type, int flags, int stream, byte[] payload) throws IOException {
		ByteArrayOutputStream frame = new ByteArrayOutputStream();
		frame.writeBytes(new byte[] { 0, (byte) (payload.length >> 8), (byte) payload.length, (byte) type, (byte) flags,
				0, 0, 0, (byte) stream });
		frame.writeBytes(payload);
		this.socket.getOutputStream().write(frame.toByteArray());
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	private static final class Frame {

		private final int type;

		private final byte[] payload;

		Frame(int type, byte[] payload) {
			this.type = type;
			this.payload = payload;
		}

	}

}

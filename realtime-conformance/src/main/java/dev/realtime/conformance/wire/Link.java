package dev.realtime.conformance.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

/**
 * One WebSocket of the client under test: what it sent and was sent, and what cases do to
 * it. Safe for any number of threads.
 */
public final class Link {

	private final Wire wire;

	private final String head;

	private final Socket client;

	private final Socket node;

	private final long openedAt = System.nanoTime();

	private final List<StompFrame> sent = new CopyOnWriteArrayList<>();

	private final List<StompFrame> delivered = new CopyOnWriteArrayList<>();

	private volatile int beats;

	private volatile boolean silent;

	private volatile boolean closing;

	private volatile int clientCloseCode;

	private volatile @Nullable Long endedAt;

	private volatile String broken = "";

	Link(Wire wire, String head, Socket client, Socket node) {
		this.wire = wire;
		this.head = head;
		this.client = client;
		this.node = node;
	}

	/** Returns when the client asked for the connection, as {@link System#nanoTime()}. */
	public long openedAt() {
		return this.openedAt;
	}

	/** Returns when the connection ended, or null. */
	public @Nullable Long endedAt() {
		return this.endedAt;
	}

	/** Returns the value of a header of the handshake, or an empty text. */
	public String handshakeHeader(String name) {
		String prefix = name.toLowerCase(Locale.ROOT) + ":";
		return this.head.lines()
			.filter((line) -> line.toLowerCase(Locale.ROOT).startsWith(prefix))
			.map((line) -> line.substring(prefix.length()).strip())
			.findFirst()
			.orElse("");
	}

	/** Returns the frames that the client has sent. */
	public List<StompFrame> sent() {
		return List.copyOf(this.sent);
	}

	/** Returns the frames that the client was given. */
	public List<StompFrame> delivered() {
		return List.copyOf(this.delivered);
	}

	/** Returns how many heartbeats the client has sent. */
	public int beats() {
		return this.beats;
	}

	/** Returns the code with which the client closed the WebSocket, or 0. */
	public int clientCloseCode() {
		return this.clientCloseCode;
	}

	/** Returns what the client wrote that is no WebSocket, or an empty text. */
	public String broken() {
		return this.broken;
	}

	/** Breaks the connection without a close frame. */
	public void cut() {
		end();
	}

	/** Keeps the socket open, and passes nothing in either direction. */
	public void silence() {
		this.silent = true;
	}

	/** Closes the WebSocket as the node would. */
	public void close(int code, String reason) {
		this.closing = true;
		closeQuietly(this.node);
		write(WebSocketFrame.close(code, reason));
	}

	/** Gives the client frames, together in one WebSocket message. */
	public void deliver(StompFrame... frames) {
		deliver(WebSocketFrame.TEXT, List.of(frames));
	}

	/** Gives the client frames in one binary WebSocket message. */
	public void deliverAsBinary(StompFrame... frames) {
		deliver(WebSocketFrame.BINARY, List.of(frames));
	}

	/**
	 * Gives the client a frame in one text message that consists of several WebSocket
	 * frames of so many bytes, which cuts characters.
	 */
	public void deliverInFragments(StompFrame frame, int size) {
		byte[] all = frame.bytes();
		for (int from = 0; from < all.length; from += size) {
			int to = Math.min(all.length, from + size);
			write(new WebSocketFrame(to == all.length, (from == 0) ? WebSocketFrame.TEXT : WebSocketFrame.CONTINUATION,
					Arrays.copyOfRange(all, from, to)));
		}
		this.delivered.add(frame);
	}

	/** Gives the client line ends in one WebSocket message, and then a frame in it. */
	public void deliverAfterLineEnds(StompFrame frame) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes(new byte[] { '\n', '\r', '\n' });
		bytes.writeBytes(frame.bytes());
		bytes.write('\n');
		write(new WebSocketFrame(true, WebSocketFrame.TEXT, bytes.toByteArray()));
		this.delivered.add(frame);
	}

	private void deliver(int opcode, List<StompFrame> frames) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		frames.forEach((frame) -> bytes.writeBytes(frame.bytes()));
		write(new WebSocketFrame(true, opcode, bytes.toByteArray()));
		this.delivered.addAll(frames);
	}

	private void write(WebSocketFrame frame) {
		try {
			synchronized (this.client) {
				this.client.getOutputStream().write(frame.encode(false));
			}
		}
		catch (IOException ex) {
			end();
		}
	}

	/** Passes what the client writes, until it ends. */
	void passFromClient() {
		StompReader reader = new StompReader();
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		int opcode = WebSocketFrame.TEXT;
		try {
			DataInputStream in = new DataInputStream(new BufferedInputStream(this.client.getInputStream()));
			while (true) {
				WebSocketFrame frame = WebSocketFrame.read(in);
				if (frame.isControl()) {
					passControl(frame);
					continue;
				}
				opcode = (frame.opcode == WebSocketFrame.CONTINUATION) ? opcode : frame.opcode;
				message.writeBytes(frame.payload);
				if (frame.last) {
					byte[] passed = ofClient(reader.read(message.toByteArray()));
					message.reset();
					if (passed.length > 0) {
						toNode(new WebSocketFrame(true, opcode, passed));
					}
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			this.broken = (ex instanceof java.io.EOFException || this.endedAt != null) ? this.broken
					: String.valueOf(ex.getMessage());
			end();
		}
	}

	private void passControl(WebSocketFrame frame) throws IOException {
		if (frame.opcode == WebSocketFrame.CLOSE) {
			this.clientCloseCode = frame.closeCode();
			if (this.closing) {
				end();
				return;
			}
		}
		toNode(frame);
	}

	private byte[] ofClient(List<Piece> pieces) {
		ByteArrayOutputStream passed = new ByteArrayOutputStream();
		for (Piece piece : pieces) {
			StompFrame frame = piece.frame();
			if (frame == null) {
				countBeat();
				passed.write('\n');
				continue;
			}
			this.sent.add(frame);
			if (this.wire.clientRule().passes(this, frame)) {
				passed.writeBytes(frame.bytes());
			}
		}
		return passed.toByteArray();
	}

	private synchronized void countBeat() {
		this.beats = this.beats + 1;
	}

	private void toNode(WebSocketFrame frame) throws IOException {
		if (!this.silent && !this.closing) {
			this.node.getOutputStream().write(frame.encode(true));
		}
	}

	/** Passes what the node writes, until it ends. */
	void passFromNode(DataInputStream in) {
		StompReader reader = new StompReader();
		ByteArrayOutputStream message = new ByteArrayOutputStream();
		int opcode = WebSocketFrame.TEXT;
		try {
			while (true) {
				WebSocketFrame frame = WebSocketFrame.read(in);
				if (frame.isControl()) {
					if (!this.silent) {
						write(frame);
					}
					continue;
				}
				opcode = (frame.opcode == WebSocketFrame.CONTINUATION) ? opcode : frame.opcode;
				message.writeBytes(frame.payload);
				if (frame.last) {
					List<StompFrame> passing = new ArrayList<>();
					byte[] passed = this.silent ? new byte[0] : ofNode(reader.read(message.toByteArray()), passing);
					message.reset();
					if (passed.length > 0) {
						write(new WebSocketFrame(true, opcode, passed));
					}
					// After the write: cases may then cut the connection.
					this.delivered.addAll(passing);
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			if (!this.closing && !this.silent) {
				end();
			}
		}
	}

	private byte[] ofNode(List<Piece> pieces, List<StompFrame> passing) {
		ByteArrayOutputStream passed = new ByteArrayOutputStream();
		for (Piece piece : pieces) {
			StompFrame frame = piece.frame();
			if (frame == null) {
				passed.write('\n');
			}
			else if (this.wire.nodeRule().passes(this, frame)) {
				passing.add(frame);
				passed.writeBytes(frame.bytes());
			}
		}
		return passed.toByteArray();
	}

	void end() {
		if (this.endedAt == null) {
			this.endedAt = System.nanoTime();
		}
		closeQuietly(this.client);
		closeQuietly(this.node);
	}

	private static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// Already closed.
		}
	}

}

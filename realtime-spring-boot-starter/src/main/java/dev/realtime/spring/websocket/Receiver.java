package dev.realtime.spring.websocket;

import java.nio.ByteBuffer;

import dev.realtime.connection.CloseReason;
import dev.realtime.spring.stomp.TransportSession;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * Hands what one client sends to Spring, for every kind of socket. Never calls the
 * application itself. Called by the thread that reads the socket.
 */
public final class Receiver implements FrameSink {

	private static final int NORMAL = 1000;

	private static final int NO_STATUS = 1005;

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private final TransportSession session;

	private final Answers answers;

	private final WebSocketHandler handler;

	private final FrameReader reader;

	private final Inbox inbox;

	/** Frames that stay compressed while the inbox is full. */
	private @Nullable ByteBuffer rest;

	private CloseStatus status = CloseStatus.NO_CLOSE_FRAME;

	/** Nothing more is taken from the client. */
	private boolean ended;

	public Receiver(TransportSession session, Answers answers, WebSocketHandler handler, FrameReader reader,
			Inbox inbox) {
		this.session = session;
		this.answers = answers;
		this.handler = handler;
		this.reader = reader;
		this.inbox = inbox;
	}

	/** The handshake is done. */
	public void opened() {
		this.inbox.add(() -> this.handler.afterConnectionEstablished(this.session));
	}

	/**
	 * Reads what has come.
	 * @param bytes the caller's again when this returns
	 */
	public void read(ByteBuffer bytes) {
		this.session.received();
		handOn(bytes);
	}

	/** Goes on with what has waited. The socket is read again from now on. */
	public void goOn() {
		if (this.rest != null) {
			handOn(NOTHING.duplicate());
		}
	}

	/** Whether something waits, so that the socket must not be read. */
	public boolean isHolding() {
		return this.rest != null && !this.ended;
	}

	private void handOn(ByteBuffer bytes) {
		if (this.ended) {
			return;
		}
		ByteBuffer before = this.rest;
		ByteBuffer all = (before == null) ? bytes : bytes.hasRemaining() ? joined(before, bytes) : before;
		this.rest = null;
		try {
			this.reader.read(all, this);
		}
		catch (WebSocketException ex) {
			fail(ex.code(), String.valueOf(ex.getMessage()));
		}
		if (all.hasRemaining() && !this.ended) {
			this.rest = (before == null) ? joined(NOTHING.duplicate(), bytes) : all;
		}
	}

	private static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
		return ByteBuffer.allocate(first.remaining() + second.remaining()).put(first).put(second).flip();
	}

	/** Closes, and takes nothing more from the client. */
	public void fail(int code, String reason) {
		if (!this.ended) {
			this.ended = true;
			this.status = new CloseStatus(code);
			this.session.close(new CloseReason(code, reason));
		}
	}

	/** The socket is closed. */
	public void closed() {
		this.ended = true;
		this.rest = null;
		CloseStatus last = this.status;
		try {
			this.session.closed();
		}
		finally {
			this.inbox.add(() -> this.handler.afterConnectionClosed(this.session, last));
		}
	}

	@Override
	public boolean isFull() {
		return this.inbox.isFull();
	}

	@Override
	public void data(byte[] payload, boolean text, boolean first, boolean last) {
		// A piece may end within a character: only the STOMP decoder puts it together.
		this.inbox.add(new Handling(this.handler, this.session, (text && first && last) ? new TextMessage(payload)
				: new BinaryMessage(ByteBuffer.wrap(payload), last)));
	}

	@Override
	public void ping(byte[] payload) {
		this.answers.pong(payload);
	}

	@Override
	public void pong() {
		this.answers.ponged();
	}

	@Override
	public void close(int code) {
		this.ended = true;
		this.status = new CloseStatus(code);
		this.answers.answerClose(new CloseReason((code == NO_STATUS) ? NORMAL : code, ""));
	}

	/** Gives one piece to Spring. */
	private record Handling(WebSocketHandler handler, WebSocketSession session,
			WebSocketMessage<?> message) implements Inbox.Step {

		@Override
		public void run() throws Exception {
			this.handler.handleMessage(this.session, this.message);
		}

		@Override
		public int bytes() {
			return this.message.getPayloadLength();
		}

	}

}

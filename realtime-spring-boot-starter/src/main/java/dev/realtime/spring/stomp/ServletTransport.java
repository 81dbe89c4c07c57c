package dev.realtime.spring.stomp;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;

import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Frame;
import dev.realtime.hub.Transport;
import jakarta.websocket.SendHandler;
import jakarta.websocket.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.WebSocketSession;

/**
 * Writes through the container's asynchronous endpoint, which never blocks. Frames that
 * wait together become one WebSocket message: text when all are text, else binary.
 */
final class ServletTransport implements Transport {

	/** Containers' default for the largest message that a Java client takes. */
	private static final int BATCH_BYTES = 8_192;

	/** How long Tomcat may try to send the close frame to a client that does not read. */
	private static final long CLOSE_TIMEOUT_MILLIS = 2_000;

	private final WebSocketSession session;

	private final Session container;

	private final Executor closers;

	ServletTransport(WebSocketSession session, Session container, Executor closers) {
		this.session = session;
		this.container = container;
		this.closers = closers;
		container.getUserProperties().put("org.apache.tomcat.websocket.BLOCKING_SEND_TIMEOUT", CLOSE_TIMEOUT_MILLIS);
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public void write(List<Frame> frames, Completion done) {
		SendHandler handler = (result) -> done.done(result.isOK() ? null : result.getException());
		try {
			@Nullable String text = text(frames);
			if (text != null) {
				this.container.getAsyncRemote().sendText(text, handler);
			}
			else {
				this.container.getAsyncRemote().sendBinary(ByteBuffer.wrap(bytes(frames)), handler);
			}
		}
		catch (RuntimeException ex) {
			// The session is closed, or the container is about to.
			done.done(ex);
		}
	}

	@Override
	public void close(CloseReason reason) {
		this.closers.execute(() -> Closing.close(this.session, reason));
	}

	private static @Nullable String text(List<Frame> frames) {
		if (frames.size() == 1) {
			return frames.get(0).text();
		}
		StringBuilder all = new StringBuilder();
		for (Frame frame : frames) {
			String text = frame.text();
			if (text == null) {
				return null;
			}
			all.append(text);
		}
		return all.toString();
	}

	private static byte[] bytes(List<Frame> frames) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		frames.forEach((frame) -> all.writeBytes(frame.bytes()));
		return all.toByteArray();
	}

}

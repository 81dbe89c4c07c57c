package dev.realtime.spring.stomp;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;

import dev.realtime.hub.Batch;
import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Frame;
import dev.realtime.hub.Transport;
import org.jspecify.annotations.Nullable;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;

/**
 * Writes through Spring's session, which may block, on threads that may: for containers
 * without a Jakarta WebSocket session (Jetty's own API, SockJS).
 */
final class BlockingTransport implements Transport {

	private static final int BATCH_BYTES = 8_192;

	private final WebSocketSession session;

	private final Executor writers;

	BlockingTransport(WebSocketSession session, Executor writers) {
		this.session = session;
		this.writers = writers;
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public void write(Batch batch, Completion done) {
		this.writers.execute(() -> done.done(send(batch.frames())));
	}

	@Override
	public void close(CloseReason reason) {
		this.writers.execute(() -> Closing.close(this.session, reason));
	}

	private @Nullable Throwable send(List<Frame> frames) {
		try {
			for (Frame frame : frames) {
				String text = frame.text();
				this.session.sendMessage((text != null) ? new TextMessage(text) : new BinaryMessage(frame.bytes()));
			}
			return null;
		}
		catch (IOException | RuntimeException ex) {
			return ex;
		}
	}

}

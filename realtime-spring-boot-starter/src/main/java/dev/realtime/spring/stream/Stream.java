package dev.realtime.spring.stream;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.spring.websocket.Inbox;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/** One stream's life, as the STOMP endpoint sees it. Safe for any number of threads. */
public final class Stream {

	private final WebSocketHandler endpoint;

	private final StreamSession session;

	private final Inbox steps;

	private final List<WebSocketMessage<?>> frames;

	private final AtomicBoolean ended = new AtomicBoolean();

	/**
	 * Makes a stream that has not begun.
	 * @param frames what the client sends when it is connected
	 */
	Stream(WebSocketHandler endpoint, StreamSession session, Inbox steps, List<WebSocketMessage<?>> frames) {
		this.endpoint = endpoint;
		this.session = session;
		this.steps = steps;
		this.frames = frames;
	}

	void open(WebSocketMessage<?> connect) {
		this.steps.add(() -> {
			if (!this.ended.get()) {
				this.endpoint.afterConnectionEstablished(this.session);
				this.endpoint.handleMessage(this.session, connect);
			}
		});
	}

	/** The CONNECT was answered. */
	void connected() {
		this.steps.add(() -> {
			for (WebSocketMessage<?> frame : this.frames) {
				if (!this.ended.get()) {
					this.endpoint.handleMessage(this.session, frame);
				}
			}
		});
	}

	/** The client is gone; idempotent. */
	public void gone() {
		end(CloseStatus.NO_CLOSE_FRAME);
	}

	/** The answer is complete, or nobody is there to read it; idempotent. */
	void end(CloseStatus status) {
		if (this.ended.compareAndSet(false, true)) {
			this.session.ended();
			this.steps.add(() -> this.endpoint.afterConnectionClosed(this.session, status));
		}
	}

}

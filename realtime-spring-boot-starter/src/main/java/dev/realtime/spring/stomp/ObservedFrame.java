package dev.realtime.spring.stomp;

import java.util.Objects;

import dev.realtime.Topic;
import dev.realtime.connection.SubscribeListener;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.spring.audit.SecurityEvents;
import dev.realtime.spring.stomp.FrameObserver.Observed;
import dev.realtime.spring.stomp.FrameObserver.Outcome;
import dev.realtime.stomp.StompCommand;
import dev.realtime.stomp.StompFrame;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageHeaderAccessor;

/** A CONNECT or SUBSCRIBE that is observed. Safe for any number of threads. */
final class ObservedFrame implements SubscribeListener {

	/** The header of its message. */
	private static final String HEADER = ObservedFrame.class.getName();

	private final Observed observed;

	private final ObservedFrames pending;

	/** The subscription's; null of a CONNECT, and if the frame has none. */
	private final @Nullable String id;

	private final boolean opens;

	/** Whether it is its turn: frames before it have been handled. */
	private volatile boolean admitted;

	ObservedFrame(Observed observed, ObservedFrames pending, boolean opens, @Nullable String id) {
		this.observed = observed;
		this.pending = pending;
		this.opens = opens;
		this.id = id;
	}

	/** Returns what is observed of the message, or null. */
	static @Nullable ObservedFrame of(Message<?> message) {
		return (ObservedFrame) message.getHeaders().get(HEADER);
	}

	/** Whether the frame is the one that is observed, whatever else was changed in it. */
	boolean isStill(StompFrame frame) {
		return this.opens ? frame.command().opens()
				: frame.command() == StompCommand.SUBSCRIBE && Objects.equals(this.id, frame.header("id"));
	}

	/** Whether it is a CONNECT. */
	boolean opens() {
		return this.opens;
	}

	@Nullable String id() {
		return this.id;
	}

	/** Lets its message know. */
	void mark(MessageHeaderAccessor headers) {
		headers.setHeader(HEADER, this);
	}

	/** Makes it what the calling thread handles, until the returned task is run. */
	Runnable open() {
		return this.observed.open();
	}

	/** It is handled, in the order of the session's frames. */
	void admitted() {
		this.admitted = true;
	}

	boolean isAdmitted() {
		return this.admitted;
	}

	/** It is known which topic it names. */
	void names(Topic topic) {
		this.observed.names(topic);
	}

	/**
	 * It is answered, or never will be.
	 * @param word why it was refused, or null
	 */
	void end(Outcome outcome, @Nullable String word) {
		this.pending.remove(this);
		this.observed.end(outcome, (word != null) ? SecurityEvents.reason(word) : null);
	}

	@Override
	public void answered(Recovery outcome) {
		end(Outcome.OK, null);
	}

	@Override
	public void recovered(Recovery outcome, long nanos, int messages) {
		this.observed.recovered(outcome, nanos, messages);
	}

}

package dev.realtime.spring.tracing;

import java.util.function.UnaryOperator;

import dev.realtime.spring.stomp.FrameObserver.Outcome;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/**
 * What an observation of a client's CONNECT or SUBSCRIBE knows: from when a thread begins
 * to handle the frame until it is answered. The carrier returns the frame's
 * {@code traceparent} and {@code tracestate}, and no other header.
 */
public abstract sealed class FrameObservationContext extends ReceiverContext<UnaryOperator<@Nullable String>>
		permits ConnectObservationContext, SubscribeObservationContext {

	private final String transport;

	private volatile @Nullable Outcome outcome;

	private volatile @Nullable String reason;

	FrameObservationContext(String transport, UnaryOperator<@Nullable String> headers) {
		super((carrier, name) -> carrier.apply(name), Kind.SERVER);
		this.transport = transport;
		setCarrier(headers);
	}

	/** Returns how frames reach the client, in the words of the meters. */
	public String transport() {
		return this.transport;
	}

	/**
	 * Returns how it has ended, such as {@code ok} or {@code refused}; null before.
	 */
	public @Nullable String outcome() {
		Outcome known = this.outcome;
		return (known != null) ? known.word() : null;
	}

	/**
	 * Returns why the frame was refused, or the connection closed; null if it was not, or
	 * that is not known. One of a fixed set of words.
	 */
	public @Nullable String reason() {
		return this.reason;
	}

	void end(Outcome outcome, @Nullable String reason) {
		this.reason = reason;
		this.outcome = outcome;
	}

}

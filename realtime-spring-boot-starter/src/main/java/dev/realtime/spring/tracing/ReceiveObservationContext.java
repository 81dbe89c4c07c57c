package dev.realtime.spring.tracing;

import java.util.Set;
import java.util.function.UnaryOperator;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import org.jspecify.annotations.Nullable;

/**
 * What an observation of a client's SEND knows: from when a thread begins to handle it
 * until the methods of the application have returned, or the message was passed to the
 * broker. The carrier returns the frame's headers, of which only {@code traceparent} and
 * {@code tracestate} are read.
 */
public final class ReceiveObservationContext extends ReceiverContext<UnaryOperator<@Nullable String>> {

	/** Not baggage: clients must not choose what the application's logs contain. */
	private static final Set<String> FIELDS = Set.of("traceparent", "tracestate");

	private final String destination;

	/** Makes the context; without headers, no trace of the client's is continued. */
	ReceiveObservationContext(String destination, UnaryOperator<@Nullable String> headers) {
		super((carrier, name) -> FIELDS.contains(name) ? carrier.apply(name) : null, Kind.SERVER);
		this.destination = destination;
		setCarrier(headers);
	}

	/** Returns where the client has sent the message to, which it chooses. */
	public String destination() {
		return this.destination;
	}

}

package dev.realtime.spring.tracing;

import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/** What an observation of a client's CONNECT knows: until CONNECTED, or its refusal. */
public final class ConnectObservationContext extends FrameObservationContext {

	ConnectObservationContext(String transport, UnaryOperator<@Nullable String> headers) {
		super(transport, headers);
	}

}

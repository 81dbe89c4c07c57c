package dev.realtime.spring.asyncapi.springwolf;

import java.util.HashMap;
import java.util.Map;

import io.github.springwolf.asyncapi.v3.bindings.ChannelBinding;
import io.github.springwolf.asyncapi.v3.bindings.MessageBinding;
import io.github.springwolf.asyncapi.v3.bindings.OperationBinding;
import io.github.springwolf.asyncapi.v3.bindings.stomp.StompChannelBinding;
import io.github.springwolf.asyncapi.v3.bindings.stomp.StompMessageBinding;
import io.github.springwolf.asyncapi.v3.bindings.stomp.StompOperationBinding;
import org.jspecify.annotations.Nullable;

/** The bindings by which Springwolf's page knows the protocol. */
final class Stomp {

	private static final String PROTOCOL = "stomp";

	private Stomp() {
	}

	static Map<String, ChannelBinding> channel() {
		return new HashMap<>(Map.of(PROTOCOL, new StompChannelBinding()));
	}

	static Map<String, OperationBinding> operation() {
		return new HashMap<>(Map.of(PROTOCOL, new StompOperationBinding()));
	}

	static Map<String, MessageBinding> message() {
		return new HashMap<>(Map.of(PROTOCOL, new StompMessageBinding()));
	}

	static boolean isBound(@Nullable Map<String, ?> bindings) {
		return bindings != null && bindings.containsKey(PROTOCOL);
	}

}

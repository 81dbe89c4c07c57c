package dev.realtime.relay.redis;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * The channels that Redis refuses to subscribe to; no more than are wanted. Safe for any
 * number of threads.
 */
final class Refusals {

	private final Map<Channel, String> sentences = new ConcurrentHashMap<>();

	void refused(Channel channel, Throwable failure) {
		this.sentences.put(channel, String.valueOf(failure.getMessage()));
	}

	/** The channel is subscribed to, or not wanted any longer. */
	void none(Channel channel) {
		if (!this.sentences.isEmpty()) {
			this.sentences.remove(channel);
		}
	}

	/** One of the sentences, or null when nothing is refused. */
	@Nullable String first() {
		for (String sentence : this.sentences.values()) {
			return sentence;
		}
		return null;
	}

}

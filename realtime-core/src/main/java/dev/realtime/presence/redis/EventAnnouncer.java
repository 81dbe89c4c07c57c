package dev.realtime.presence.redis;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.codec.MessageCodec;
import dev.realtime.loop.Environment;
import dev.realtime.loop.LogThrottle;
import dev.realtime.presence.PresenceTopics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Announces events that {@link TopicScript} has stored and not announced, because the
 * fleet's relay is another one than Redis. What is lost here is found by the nodes'
 * comparison with the log. Safe for any number of threads; never blocks.
 */
final class EventAnnouncer {

	private static final Logger logger = LoggerFactory.getLogger(EventAnnouncer.class);

	private final LogThrottle failures;

	private final @Nullable Function<TopicMessage, CompletionStage<Void>> relay;

	/** With null, the script announces. */
	EventAnnouncer(@Nullable Function<TopicMessage, CompletionStage<Void>> relay, Environment environment) {
		this.failures = new LogThrottle(environment);
		this.relay = relay;
	}

	boolean isScript() {
		return this.relay == null;
	}

	/** Announces the events of a topic's members in their order; throws nothing. */
	void announce(Topic topic, List<byte[]> events) {
		if (this.relay == null || events.isEmpty()) {
			return;
		}
		try {
			Topic on = PresenceTopics.of(topic);
			for (byte[] event : events) {
				var unused = this.relay.apply(MessageCodec.announced(on, event)).whenComplete((done, failure) -> {
					if (failure != null) {
						failed(on, failure);
					}
				});
			}
		}
		catch (Throwable ex) {
			failed(topic, ex);
		}
	}

	private void failed(Topic topic, Throwable failure) {
		long since = this.failures.add();
		if (since > 0) {
			logger.warn("A presence event on \"{}\" was stored but could not be announced: {} ({} times since "
					+ "this was last logged)", topic, failure.getMessage(), since);
		}
	}

}

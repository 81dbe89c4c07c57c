package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.pipe}: texts that grow while their readers watch, such as the answers
 * of a language model.
 *
 * @param interval shortest time between two messages of one text
 * @param messageSize most characters of one message; at most a third of the bytes of
 * realtime.publish.max-payload are used
 * @param maxLength most characters of one text
 * @param maxStreams most texts that grow on this node at the same time
 * @param timeout how long a text may grow
 * @param heartbeat how long a text may stay as it is before a message says that it still
 * grows; readers give it up after three times as long
 * @param publishTimeout how long a message is tried to be published
 * @param drainTimeout how long texts may go on when the node shuts down
 * @param threads how many threads of this node ask the sources for more text
 */
@ConfigurationProperties("realtime.pipe")
public record PipeProperties(@DefaultValue("50ms") Duration interval, @DefaultValue("8192") int messageSize,
		@DefaultValue("262144") int maxLength, @DefaultValue("1000") int maxStreams,
		@DefaultValue("10m") Duration timeout, @DefaultValue("10s") Duration heartbeat,
		@DefaultValue("30s") Duration publishTimeout, @DefaultValue("10s") Duration drainTimeout,
		@DefaultValue("8") int threads) {

	private static final Duration SHORTEST_HEARTBEAT = Duration.ofSeconds(1);

	private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);

	public PipeProperties {
		PropertyBounds.positive("realtime.pipe.interval", interval);
		PropertyBounds.check(interval.compareTo(LONGEST_INTERVAL) <= 0, "realtime.pipe.interval",
				PropertyBounds.text(interval), "must not be longer than 10s");
		PropertyBounds.range("realtime.pipe.message-size", messageSize, 16, 1_000_000);
		PropertyBounds.range("realtime.pipe.max-length", maxLength, 1, 10_000_000);
		PropertyBounds.range("realtime.pipe.max-streams", maxStreams, 1, 100_000);
		PropertyBounds.positive("realtime.pipe.timeout", timeout);
		PropertyBounds.positive("realtime.pipe.heartbeat", heartbeat);
		PropertyBounds.atLeast("realtime.pipe.heartbeat", heartbeat, SHORTEST_HEARTBEAT, "must be 1s or more");
		PropertyBounds.positive("realtime.pipe.publish-timeout", publishTimeout);
		PropertyBounds.positiveOrZero("realtime.pipe.drain-timeout", drainTimeout);
		PropertyBounds.range("realtime.pipe.threads", threads, 1, 1_000);
	}

}

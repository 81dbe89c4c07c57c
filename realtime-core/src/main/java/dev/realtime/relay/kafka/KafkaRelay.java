package dev.realtime.relay.kafka;

import java.time.Duration;

import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.relay.SessionRelay;

/**
 * The relay over Kafka (brokers 2.1 or later): one Kafka topic for all nodes, with a
 * partition for each of the fleet's. Numbering and log stay where the broker keeps them.
 *
 * <pre>
 * topic rt.relay   made by the first node, unless it is there
 * partition        that of dev.realtime.partition.Partitions
 * key              the topic's name in UTF-8; none in the records that a session
 *                  begins with, which no node delivers
 * value            an announcement or a signal
 * </pre>
 *
 * Every node reads all partitions from the end on, without a consumer group, and leaves
 * out what it has not subscribed to; so a subscription costs Kafka nothing. What a node
 * has not read before Kafka deletes it is found by the comparison with the log.
 */
public final class KafkaRelay {

	/** How often the connection is asked for life. */
	public static final Duration CHECK_INTERVAL = Duration.ofSeconds(1);

	private KafkaRelay() {
	}

	/**
	 * Returns a relay that is not connected yet.
	 * @param loops makes the relay's threads
	 */
	public static Relay of(KafkaRelayOptions options, Loops loops) {
		return of(options, CHECK_INTERVAL, loops);
	}

	static Relay of(KafkaRelayOptions options, Duration checkInterval, Loops loops) {
		return new SessionRelay("Kafka", new KafkaSessions(options, loops), options.timeout(), checkInterval, loops);
	}

}

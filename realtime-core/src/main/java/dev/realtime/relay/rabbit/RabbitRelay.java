package dev.realtime.relay.rabbit;

import java.time.Duration;

import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.relay.SessionRelay;

/**
 * The relay over RabbitMQ (AMQP 0-9-1): one topic exchange for all nodes, and one
 * exclusive, auto-deleted queue for each session of a node, with a second one for what
 * that drops. Numbering and log stay where the broker keeps them.
 *
 * <pre>
 * exchange rt.relay    topic exchange, not durable
 * routing key          the topic's words, see dev.realtime.relay.TopicWords, cut to 200
 *                      bytes; several topics may share one, and the node filters
 * header "topic"       the topic's name
 * binding room.#       what the pattern room.* subscribes to; filtered by the node
 * </pre>
 */
public final class RabbitRelay {

	/** How often the connection is asked for life. */
	public static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

	private RabbitRelay() {
	}

	/**
	 * Returns a relay that is not connected yet.
	 * @param loops makes the relay's threads
	 */
	public static Relay of(RabbitRelayOptions options, Loops loops) {
		return of(options, CHECK_INTERVAL, loops);
	}

	static Relay of(RabbitRelayOptions options, Duration checkInterval, Loops loops) {
		return new SessionRelay("RabbitMQ", new RabbitSessions(options, loops), options.timeout(), checkInterval,
				loops);
	}

}

package dev.realtime.relay.nats;

import java.time.Duration;

import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.relay.SessionRelay;

/**
 * The relay over core NATS (server 2.2 or later): one subject a topic, no JetStream.
 * Numbering and log stay where the broker keeps them.
 *
 * <pre>
 * rt.t.room.42   announcements and signals of the topic room.42; see
 *                dev.realtime.relay.TopicWords
 * rt.t.room.&gt;    what the pattern room.* subscribes to; filtered here
 * </pre>
 *
 * A subscription is confirmed by the server that this node is connected to. The other
 * servers of a cluster learn of it some milliseconds later. What is lost in between is
 * found by the comparison with the log.
 */
public final class NatsRelay {

	/** How often the connection is asked for life. */
	public static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

	private NatsRelay() {
	}

	/**
	 * Returns a relay that is not connected yet.
	 * @param loops makes the relay's thread
	 */
	public static Relay of(NatsRelayOptions options, Loops loops) {
		return of(options, CHECK_INTERVAL, loops);
	}

	static Relay of(NatsRelayOptions options, Duration checkInterval, Loops loops) {
		return new SessionRelay("NATS", new NatsSessions(options, loops.environment()), options.timeout(),
				checkInterval, loops);
	}

}

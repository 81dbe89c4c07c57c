package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.rates}: how often a client may do something. A number is what one
 * connection may do in a second on average.
 *
 * @param enabled whether rates are limited
 * @param frames frames of any kind
 * @param publishes SENDs to topics and to destinations of the application, and POSTs of
 * the same
 * @param subscribes SUBSCRIBEs, and topics of streams and polls
 * @param newTopics subscriptions and SENDs to topics that this node does not follow
 * @param replays messages that are replayed: asked for with rewind, or recovered
 * @param reads requests over HTTP: messages, snapshots, presence, unread counts, tickets,
 * streams and polls
 * @param connects CONNECTs of WebSockets
 * @param refusals refusals because of a rate; a client that is refused more often is
 * closed and not let in for a while
 * @param burst how much of these may come at once: what may come in this time
 * @param userFactor how many times as much all connections and requests of one user may
 * do together
 * @param addressFactor how many times as much all connections and requests of one address
 * may do together
 * @param refusalTime how long a client that was refused too often is not let in
 * @param fleetWide whether the rates of users hold for all nodes together, by way of
 * Redis
 * @param tracked of how many users, and of how many addresses, this node keeps what they
 * do; those who have done nothing lately need no room
 */
public record RatesProperties(@DefaultValue("true") boolean enabled, @DefaultValue("200") int frames,
		@DefaultValue("100") int publishes, @DefaultValue("50") int subscribes, @DefaultValue("20") int newTopics,
		@DefaultValue("500") int replays, @DefaultValue("20") int reads, @DefaultValue("5") int connects,
		@DefaultValue("5") int refusals, @DefaultValue("10s") Duration burst, @DefaultValue("5") int userFactor,
		@DefaultValue("20") int addressFactor, @DefaultValue("1m") Duration refusalTime,
		@DefaultValue("false") boolean fleetWide, @DefaultValue("100000") int tracked) {

	private static final int MOST = 1_000_000;

	public RatesProperties {
		rate("frames", frames);
		rate("publishes", publishes);
		rate("subscribes", subscribes);
		rate("new-topics", newTopics);
		rate("replays", replays);
		rate("reads", reads);
		rate("connects", connects);
		rate("refusals", refusals);
		PropertyBounds.check(burst.compareTo(Duration.ofSeconds(1)) >= 0 && burst.compareTo(Duration.ofHours(1)) <= 0,
				"realtime.rates.burst", PropertyBounds.text(burst), "must be 1s to 1h");
		PropertyBounds.range("realtime.rates.user-factor", userFactor, 1, 10_000);
		PropertyBounds.range("realtime.rates.address-factor", addressFactor, 1, 10_000);
		PropertyBounds.positive("realtime.rates.refusal-time", refusalTime);
		PropertyBounds.range("realtime.rates.tracked", tracked, 100, 10_000_000);
	}

	private static void rate(String name, int value) {
		PropertyBounds.range("realtime.rates." + name, value, 1, MOST);
	}

}

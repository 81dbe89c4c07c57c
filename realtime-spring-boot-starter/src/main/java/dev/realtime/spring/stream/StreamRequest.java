package dev.realtime.spring.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.spring.rates.RequestCost;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to be told.
 *
 * @param subscriptions in the order of the compact position
 * @param rewind how many of the latest messages those without a position want first
 * @param timeout how long a poll may wait
 * @param heartbeat after how long of silence a stream says something
 */
record StreamRequest(List<Subscription> subscriptions, int rewind, Duration timeout, Duration heartbeat) {

	/** A position of so many still fits into a header. */
	private static final int MOST = 100;

	private static final int MAX_REWIND = 1_000;

	/** The clock is looked at once a second. */
	private static final Duration SHORTEST_HEARTBEAT = Duration.ofSeconds(1);

	/**
	 * Reads a request.
	 * @param lastEventId the header of this name, or null
	 * @throws StreamRefusedException when it is malformed
	 */
	static StreamRequest parse(Query query, @Nullable String lastEventId, StreamOptions options) {
		List<String> topics = query.all("topic");
		List<String> destinations = query.all("destination");
		int count = topics.size() + destinations.size();
		int most = Math.min(MOST, options.maxSubscriptions());
		if (count == 0) {
			throw new StreamRefusedException(
					"Name what to subscribe to: ?topic=room.42, or ?destination=/user/queue/notices");
		}
		if (count > most) {
			throw new StreamRefusedException("A stream has at most " + most + " topics and destinations");
		}
		List<@Nullable Position> positions = Positions.parse(position(query, lastEventId), count);
		List<Subscription> subscriptions = new ArrayList<>(count);
		for (String topic : topics) {
			subscriptions.add(Subscription.topic(topic, positions.get(subscriptions.size())));
		}
		for (String destination : destinations) {
			subscriptions.add(Subscription.destination(destination, positions.get(subscriptions.size())));
		}
		SubscriptionTokenParameters.assign(query.all(SubscriptionTokenParameters.NAME), subscriptions);
		return new StreamRequest(List.copyOf(subscriptions), rewind(query.first("rewind")),
				atMost(query, "timeout", options.pollTimeout()), heartbeat(query, options.heartbeat()));
	}

	/** Returns what it costs. Of a recovery it is known later how much is replayed. */
	RequestCost cost() {
		long replays = 0;
		for (Subscription each : this.subscriptions) {
			replays += (each.position() != null) ? 1 : this.rewind;
		}
		return new RequestCost(false, this.subscriptions.size(), replays);
	}

	/** What the browser remembers is newer than what stands in the address. */
	private static @Nullable String position(Query query, @Nullable String lastEventId) {
		if (lastEventId != null && !lastEventId.isBlank()) {
			return lastEventId;
		}
		String parameter = query.first("lastEventId");
		return (parameter != null) ? parameter : query.first("position");
	}

	private static int rewind(@Nullable String text) {
		return (text != null) ? (int) Math.min(MAX_REWIND, Query.number("rewind", text)) : 0;
	}

	private static Duration heartbeat(Query query, Duration longest) {
		Duration wanted = atMost(query, "heartbeat", longest);
		return (wanted.compareTo(SHORTEST_HEARTBEAT) < 0) ? SHORTEST_HEARTBEAT : wanted;
	}

	private static Duration atMost(Query query, String name, Duration longest) {
		String text = query.first(name);
		return (text != null) ? Duration.ofMillis(Math.min(longest.toMillis(), Query.number(name, text))) : longest;
	}

}

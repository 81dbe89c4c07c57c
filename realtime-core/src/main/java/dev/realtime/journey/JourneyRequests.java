package dev.realtime.journey;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.loop.Environment;

/**
 * Topics whose next messages ask for their journey, although their publishers do not.
 * Safe for any number of threads; does not block. While there is no request, a
 * publication costs one look at an empty map.
 */
public final class JourneyRequests {

	/** Most topics at a time. */
	public static final int MOST_TOPICS = 20;

	/** Most messages of one request. */
	public static final int MOST_MESSAGES = Journeys.MOST / 2;

	/** How long a request waits for messages. */
	public static final Duration LONGEST = Duration.ofMinutes(10);

	private final Environment environment;

	private volatile Map<Topic, Request> open = Map.of();

	/** Makes an empty one. */
	public JourneyRequests(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Asks for the journeys of the topic's next messages that are published through this
	 * node; replaces an earlier request for the topic. 0 messages end it.
	 * @throws IllegalArgumentException if messages is negative or more than
	 * {@value #MOST_MESSAGES}
	 * @throws IllegalStateException if there are requests for {@value #MOST_TOPICS} other
	 * topics
	 */
	public synchronized void ask(Topic topic, int messages) {
		if (messages < 0 || messages > MOST_MESSAGES) {
			throw new IllegalArgumentException("messages must be from 0 to " + MOST_MESSAGES + ", but is " + messages);
		}
		long now = this.environment.nanoTime();
		Map<Topic, Request> next = new HashMap<>(this.open);
		next.values().removeIf((each) -> each.isOver(now));
		next.remove(topic);
		if (messages > 0) {
			if (next.size() >= MOST_TOPICS) {
				throw new IllegalStateException("Journeys of " + MOST_TOPICS
						+ " topics are asked for, which is the most allowed; end one with messages 0, or wait: each ends after ten minutes");
			}
			next.put(topic, new Request(new AtomicInteger(messages), now + LONGEST.toNanos()));
		}
		this.open = Map.copyOf(next);
	}

	/** Returns the publication, which asks for its journey if there is a request. */
	public Publication marked(Publication publication) {
		Map<Topic, Request> now = this.open;
		Request request = now.isEmpty() ? null : now.get(publication.topic());
		return (request != null && take(request)) ? publication.withJourney() : publication;
	}

	private boolean take(Request request) {
		int left = request.isOver(this.environment.nanoTime()) ? -1 : request.left.decrementAndGet();
		if (left <= 0) {
			end(request);
		}
		return left >= 0;
	}

	private synchronized void end(Request request) {
		Map<Topic, Request> next = new HashMap<>(this.open);
		next.values().removeIf((each) -> each.left == request.left);
		this.open = Map.copyOf(next);
	}

	/** How many messages are left, and until when. */
	private record Request(AtomicInteger left, long untilNanos) {

		boolean isOver(long nowNanos) {
			return nowNanos - this.untilNanos >= 0;
		}

	}

}

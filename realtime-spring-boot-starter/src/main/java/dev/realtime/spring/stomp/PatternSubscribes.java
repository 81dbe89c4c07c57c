package dev.realtime.spring.stomp;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.connection.Connection;
import dev.realtime.connection.PatternRequest;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.security.SubscriptionGrant;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.security.TopicRight;
import org.jspecify.annotations.Nullable;

/**
 * Clients' SUBSCRIBEs to destinations with wildcards. The frame itself is authorized like
 * any other. That says nothing about the topics that match, so each of them is decided by
 * {@link TopicAuthorization} as well, as where topics are read over HTTP.
 */
final class PatternSubscribes {

	private static final String BAD = "bad-subscribe";

	private final Destinations destinations;

	private final int maxTopics;

	private final Supplier<TopicAuthorization> access;

	private final Executor application;

	/**
	 * Makes it.
	 * @param maxTopics most topics that one subscription follows; 0 for no subscriptions
	 * @param access decides about each topic
	 * @param application runs those decisions
	 */
	PatternSubscribes(Destinations destinations, int maxTopics, Supplier<TopicAuthorization> access,
			Executor application) {
		this.destinations = destinations;
		this.maxTopics = maxTopics;
		this.access = access;
		this.application = application;
	}

	/** Whether a client means a pattern by the destination. */
	static boolean isPattern(String destination) {
		return destination.indexOf('*') >= 0;
	}

	/**
	 * Checks what can be checked before subscribing.
	 * @throws RefusedException when the client cannot subscribe to it
	 */
	void check(String destination, FrameHeaders frame, @Nullable SubscriptionGrant grant) {
		if (this.maxTopics == 0) {
			throw new RefusedException(BAD, "The destination has a wildcard, but wildcards are switched off in this "
					+ "service: subscribe to each topic by its name");
		}
		if (frame.is("no-wildcard")) {
			throw new RefusedException(BAD,
					"The destination has a wildcard, which needs a WebSocket: over HTTP name each topic");
		}
		TopicPattern pattern = pattern(destination);
		if (grant != null && !grant.topics().overlaps(pattern)) {
			throw otherTopics();
		}
		if (frame.rewind() > 0) {
			throw new RefusedException(BAD, "A subscription with a wildcard cannot rewind");
		}
		Map<Topic, Position> unused = positions(frame, pattern);
		Position unusedPosition = frame.resume();
	}

	/**
	 * Subscribes.
	 * @param user who it is now: credentials may be renewed while topics join
	 * @param grant what a token of the subscription grants, if it has one
	 */
	void subscribe(String destination, String id, FrameHeaders frame, Supplier<@Nullable Principal> user,
			@Nullable SubscriptionGrant grant, Connection connection) {
		TopicPattern pattern = pattern(destination);
		TopicAuthorization decides = this.access.get();
		Predicate<Topic> mayRead = (topic) -> decides.decide(TopicRight.READ, user.get(), topic, grant).granted();
		Map<Topic, Position> named = positions(frame, pattern);
		boolean resuming = !named.isEmpty() || frame.resume() != null;
		PatternRequest request = new PatternRequest(id, pattern, connection.wantsControlEvents() ? named : Map.of(),
				resuming, frame.receipt(), mayRead, this.application, frame.observed());
		ClientSubscribes.begin(pattern.text(), () -> connection.subscribe(request));
	}

	private TopicPattern pattern(String destination) {
		return ClientInput.of(BAD, () -> this.destinations.pattern(destination));
	}

	/** Reads {@code /topic/price.a=7QX2M0A9BC-12,/topic/price.b=7QX2M0A9BC-3}. */
	private Map<Topic, Position> positions(FrameHeaders frame, TopicPattern pattern) {
		String text = frame.get("positions");
		Map<Topic, Position> positions = new HashMap<>();
		if (text == null || text.isBlank()) {
			return positions;
		}
		for (String piece : text.split(",", -1)) {
			int equals = piece.lastIndexOf('=');
			int dash = piece.indexOf('-', equals + 1);
			if (equals < 0 || dash < 0) {
				throw malformed();
			}
			String destination = decoded(piece.substring(0, equals).strip());
			Topic topic = ClientInput.topic(BAD, () -> this.destinations.topic(destination));
			if (!pattern.matches(topic)) {
				throw new RefusedException(BAD,
						"positions names \"" + topic + "\", which the destination's pattern does not match");
			}
			positions.put(topic, ClientInput.position(BAD, piece.substring(equals + 1, dash),
					FrameHeaders.number(BAD, "positions", piece.substring(dash + 1))));
		}
		if (positions.size() > this.maxTopics) {
			throw new RefusedException(BAD, "positions names " + positions.size() + " topics, at most " + this.maxTopics
					+ " are followed at once");
		}
		return positions;
	}

	/** Commas, equal signs and percent signs of a destination are percent-encoded. */
	private static String decoded(String destination) {
		try {
			return URLDecoder.decode(destination.replace("+", "%2B"), StandardCharsets.UTF_8);
		}
		catch (IllegalArgumentException ex) {
			throw malformed();
		}
	}

	/** The token of a SUBSCRIBE does not fit its destination. */
	static RefusedException otherTopics() {
		return new RefusedException("bad-token", "The token of the subscription is for other topics");
	}

	private static RefusedException malformed() {
		return new RefusedException(BAD,
				"positions looks like /topic/price.a=7QX2M0A9BC-12,/topic/price.b=7QX2M0A9BC-3, "
						+ "with destinations percent-encoded");
	}

}

package dev.realtime.spring.stream;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.spring.json.JsonObject;

/**
 * The subscription tokens of a request, each for the subscriptions that it names. Nothing
 * is checked here but what they are about: each subscription is decided with its token.
 */
final class SubscriptionTokenParameters {

	/** The parameter, and the header of SUBSCRIBE. */
	static final String NAME = "subscription-token";

	private static final String TOPICS = "/topic/";

	private static final String TOPIC = "topic";

	private SubscriptionTokenParameters() {
	}

	/**
	 * Gives each subscription its token. One alone gets the token in any case, so that
	 * its client learns what is wrong with it.
	 * @throws StreamRefusedException if there are more tokens than subscriptions, or one
	 * is none
	 */
	static void assign(List<String> tokens, List<Subscription> subscriptions) {
		if (tokens.size() > subscriptions.size()) {
			throw new StreamRefusedException("There are more subscription tokens than subscriptions");
		}
		if (tokens.size() == 1 && subscriptions.size() == 1) {
			subscriptions.get(0).token = tokens.get(0);
			return;
		}
		for (String token : tokens) {
			TopicPattern pattern = pattern(token);
			subscriptions.stream().filter((each) -> matches(pattern, each)).forEach((each) -> each.token = token);
		}
	}

	/** Destinations of other kinds than topics take no tokens. */
	private static boolean matches(TopicPattern pattern, Subscription subscription) {
		String destination = subscription.destination;
		String name = subscription.topic();
		if (name == null && destination.startsWith(TOPICS)) {
			name = destination.substring(TOPICS.length());
		}
		try {
			return name != null && pattern.matches(Topic.of(name));
		}
		catch (IllegalTopicException ex) {
			return false;
		}
	}

	private static TopicPattern pattern(String token) {
		String[] parts = token.split("\\.", -1);
		try {
			if (parts.length == 3) {
				String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
				String topic = JsonObject.parse(claims).string(TOPIC);
				if (topic != null) {
					return new TopicPattern(topic);
				}
			}
		}
		catch (IllegalArgumentException ex) {
			// No token either.
		}
		throw new StreamRefusedException("A subscription token is a JWT with the claim topic");
	}

}

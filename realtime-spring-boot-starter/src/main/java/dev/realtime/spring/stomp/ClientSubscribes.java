package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.connection.Connection;
import dev.realtime.connection.SubscribeException;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.delivery.Frame;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.rates.Rates;
import dev.realtime.spring.security.AccessDecision;
import dev.realtime.spring.security.SubscriptionGrant;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.security.TopicRight;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

/**
 * Clients' SUBSCRIBEs to topics, their own ones and the session's among them. They are
 * checked before they are admitted; see {@link Admission}.
 */
final class ClientSubscribes {

	private static final String BAD = "bad-subscribe";

	/** RabbitMQ's wildcard for any number of segments. */
	private static final Pattern HASH = Pattern.compile("(?<=[./])#(?=[./]|$)");

	private final RealtimeNode node;

	private final Destinations destinations;

	private final BrokerPrefixes topics;

	private final SessionDestinations sessionDestinations;

	private final PatternSubscribes patterns;

	private final Supplier<TopicAuthorization> access;

	private final Rates rates;

	private final TokenSubscriptions tokens;

	ClientSubscribes(RealtimeNode node, Destinations destinations, BrokerPrefixes topics,
			SessionDestinations sessionDestinations, PatternSubscribes patterns, Supplier<TopicAuthorization> access,
			Rates rates, TokenSubscriptions tokens) {
		this.rates = rates;
		this.tokens = tokens;
		this.access = access;
		this.node = node;
		this.destinations = destinations;
		this.topics = topics;
		this.sessionDestinations = sessionDestinations;
		this.patterns = patterns;
	}

	/**
	 * Checks what can be checked before subscribing.
	 * @return whether the destination stands for a topic at all
	 * @throws RefusedException when it does and the client cannot subscribe to it
	 */
	boolean check(String destination, FrameHeaders frame, @Nullable Principal user, Connection connection) {
		boolean own = destination.startsWith(this.destinations.userPrefix());
		String personal = own ? destination.substring(this.destinations.userPrefix().length() - 1) : "";
		if (!isTopic(destination)) {
			return false;
		}
		checkWildcard(destination, own);
		SubscriptionGrant grant = this.access.get().subscriptionGrant(frame.get(FrameHeaders.TOKEN), user);
		if (PatternSubscribes.isPattern(destination)) {
			this.patterns.check(destination, frame, grant);
		}
		else if (!own) {
			Topic topic = ClientInput.topic(BAD, () -> this.destinations.topic(destination));
			names(frame, topic);
			checkPresence(topic);
			if (grant != null && !grant.topics().matches(topic)) {
				throw PatternSubscribes.otherTopics();
			}
			checkAccess(user, topic, grant);
			if (!this.node.hub().follows(topic)) {
				this.rates.subscribesToNew(connection);
			}
		}
		else if (connection.user() != null) {
			String name = connection.user();
			Topic topic = ClientInput.topic(BAD, () -> this.destinations.personal(name, personal));
			names(frame, topic);
			checkAccess(user, topic, null);
		}
		Position unusedPosition = frame.resume();
		int unusedRewind = frame.rewind();
		return true;
	}

	/** Whether the destination stands for a topic at all. */
	boolean isTopic(String destination) {
		String prefix = this.destinations.userPrefix();
		return destination.startsWith(prefix) ? this.topics.matchPersonal(destination.substring(prefix.length() - 1))
				: this.topics.match(destination);
	}

	private static void names(FrameHeaders frame, Topic topic) {
		if (frame.observed() != null) {
			frame.observed().names(topic);
		}
	}

	/**
	 * Subscribes to the destination of a topic, or of a pattern. What a token grants is
	 * known before the subscription is, which may be decided again at any time.
	 */
	void subscribe(Sender sender, String destination, String id, FrameHeaders frame) {
		Connection connection = sender.connection();
		Supplier<@Nullable Principal> user = sender.currentUser();
		SubscriptionGrant grant = this.access.get().subscriptionGrant(frame.get(FrameHeaders.TOKEN), user.get());
		if (grant != null) {
			this.tokens.hold(sender, id, grant);
		}
		try {
			if (PatternSubscribes.isPattern(destination)) {
				this.patterns.subscribe(destination, id, frame, user, grant, connection);
			}
			else {
				subscribe(connection, id, this.destinations.topic(destination), frame);
			}
		}
		catch (Throwable ex) {
			this.tokens.release(connection.id(), id);
			throw ex;
		}
	}

	/**
	 * Subscribes to a destination of this session alone, which Spring's user destination
	 * handler has made of {@code /user/queue/x}; and, where the user is known, to the
	 * topic of that user.
	 */
	void subscribePersonally(String destination, String id, FrameHeaders frame, Connection connection) {
		String user = connection.user();
		if (!this.sessionDestinations.subscribe(connection, id, destination)) {
			throw new RefusedException("duplicate-id", "Subscription id \"" + id + "\" is in use on this connection");
		}
		try {
			if (user == null) {
				receipt(connection, frame);
				if (frame.observed() != null) {
					frame.observed().end(FrameObserver.Outcome.OK, null);
				}
				return;
			}
			subscribe(connection, id, this.destinations.personal(user,
					destination.substring(0, destination.length() - "-user".length() - connection.id().length())),
					frame);
		}
		catch (Throwable ex) {
			this.sessionDestinations.unsubscribe(connection.id(), id);
			throw ex;
		}
	}

	/** Forgets what is kept of a subscription that ends. */
	void release(Connection connection, String id) {
		this.sessionDestinations.unsubscribe(connection.id(), id);
		this.tokens.release(connection.id(), id);
	}

	private static void subscribe(Connection connection, String id, Topic topic, FrameHeaders frame) {
		SubscribeRequest request = new SubscribeRequest(id, topic, frame.resume(), frame.rewind(), frame.receipt(),
				frame.observed());
		begin(topic.toString(), () -> connection.subscribe(request));
	}

	/** Lets a subscription begin; what the hub refuses is the client's to know. */
	static void begin(String name, Runnable subscribe) {
		try {
			subscribe.run();
		}
		catch (SubscribeException ex) {
			if (ex.getCause() != null) {
				// A failure of the server's: the client gets a reference to the log.
				throw new IllegalStateException("A client could not subscribe to \"" + name + '"', ex);
			}
			throw ClientInput.refused(ex);
		}
	}

	/** A client that expects wildcards must not wait for messages that never come. */
	private static void checkWildcard(String destination, boolean user) {
		if (destination.indexOf('#') >= 0 && HASH.matcher(destination).find()) {
			throw new RefusedException(BAD, "# is not a wildcard here: a final ** stands for one or more segments, "
					+ "as in /topic/price.**, and * for one");
		}
		if (user && PatternSubscribes.isPattern(destination)) {
			throw new RefusedException(BAD,
					"The destinations of a user have no wildcards: subscribe to each of them by its name");
		}
	}

	private void checkAccess(@Nullable Principal user, Topic topic, @Nullable SubscriptionGrant grant) {
		AccessDecision decision = this.access.get().decideFrame(TopicRight.READ, user, topic, grant);
		if (!decision.granted()) {
			throw new RefusedException(decision.reason(), decision.sentence());
		}
	}

	private void checkPresence(Topic topic) {
		Topic base = PresenceTopics.base(topic);
		if (base != null && (base.isReserved() || !this.node.policies().of(base).presence())) {
			throw new RefusedException("no-presence", "Presence is off for topic \"" + base + '"');
		}
	}

	private static void receipt(Connection connection, FrameHeaders frame) {
		String receipt = frame.receipt();
		if (receipt != null) {
			connection.send(Frame.of(StompFrames.receipt(receipt, Map.of())));
		}
	}

}

package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;

import dev.realtime.Topic;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.Subscriber;
import dev.realtime.delivery.Frame;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.Incident;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.security.AccessDecision;
import dev.realtime.spring.security.SubscriptionGrant;
import dev.realtime.spring.sessions.SubscriptionEnder;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Ends subscriptions on behalf of the server, with everything that is kept of them. No
 * interceptor of the application can stop that.
 */
final class RevokedSubscriptions implements SubscriptionEnder {

	private static final Logger logger = LoggerFactory.getLogger(RevokedSubscriptions.class);

	private static final String REVOKED = "revoked";

	private static final String EXPIRED = "expired";

	private static final String SENTENCE = "The subscription was ended by the service";

	private static final byte[] NO_PAYLOAD = {};

	private final Admission admission;

	private final SessionDestinations sessions;

	private final UnreadFrames unread;

	private final TokenSubscriptions tokens;

	private final Destinations destinations;

	RevokedSubscriptions(Admission admission, SessionDestinations sessions, UnreadFrames unread,
			TokenSubscriptions tokens, Destinations destinations) {
		this.tokens = tokens;
		this.admission = admission;
		this.sessions = sessions;
		this.destinations = destinations;
		this.unread = unread;
	}

	@Override
	public void end(Connection connection, Map<String, Object> attributes, @Nullable Principal user,
			String subscriptionId) {
		this.tokens.release(connection.id(), subscriptionId);
		this.sessions.unsubscribe(connection.id(), subscriptionId);
		this.unread.unsubscribe(connection.id(), subscriptionId);
		boolean unused = connection.unsubscribe(subscriptionId);
		ObservedFrames.ended(connection, subscriptionId);
		tell(connection, REVOKED, SENTENCE, subscriptionId, null);
		this.admission.withdraw(unsubscribe(connection, attributes, user), subscriptionId);
	}

	/** The token of a subscription has expired. */
	void expire(Connection connection, Map<String, Object> attributes, @Nullable Principal user,
			String subscriptionId) {
		if (connection.unsubscribe(subscriptionId)) {
			forget(connection, attributes, user, subscriptionId);
			tell(connection, EXPIRED, "The token of the subscription has expired; subscribe again with another one",
					subscriptionId, null);
		}
	}

	@Override
	public int recheck(Connection connection, Map<String, Object> attributes, @Nullable Principal user,
			Predicate<Topic> among, BiFunction<Topic, @Nullable SubscriptionGrant, AccessDecision> decisions) {
		int ended = 0;
		for (Subscriber each : connection.subscribers()) {
			Topic topic = each.topic();
			AccessDecision decision = among.test(topic)
					? decisions.apply(topic, this.tokens.find(connection.id(), each.id())) : AccessDecision.GRANTED;
			if (!decision.granted() && connection.revoke(each)) {
				revoked(each, attributes, user, decision);
				ended++;
			}
		}
		for (Map.Entry<String, List<Topic>> watch : this.unread.watched(connection.id()).entrySet()) {
			AccessDecision denied = watch.getValue()
				.stream()
				.filter(among)
				.map((topic) -> decisions.apply(topic, null))
				.filter((decision) -> !decision.granted())
				.findFirst()
				.orElse(null);
			if (denied != null && this.unread.unsubscribe(connection.id(), watch.getKey())) {
				forget(connection, attributes, user, watch.getKey());
				tell(connection, REVOKED, denied.sentence(), watch.getKey(), UnreadFrames.UNREAD);
				ended++;
			}
		}
		return ended;
	}

	/** A subscription to a pattern goes on with its other topics. */
	private void revoked(Subscriber subscriber, Map<String, Object> attributes, @Nullable Principal user,
			AccessDecision decision) {
		Connection connection = subscriber.connection();
		if (!subscriber.isByPattern()) {
			this.sessions.unsubscribe(connection.id(), subscriber.id());
			forget(connection, attributes, user, subscriber.id());
		}
		tell(connection, REVOKED, decision.sentence(), subscriber.id(), this.destinations.of(subscriber.topic()));
	}

	/** Before the client is told, which may use the id again at once. */
	private void forget(Connection connection, Map<String, Object> attributes, @Nullable Principal user, String id) {
		this.tokens.release(connection.id(), id);
		ObservedFrames.ended(connection, id);
		try {
			this.admission.withdraw(unsubscribe(connection, attributes, user), id);
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			Incident.warn(logger, "A listener failed when a subscription was revoked", ex);
		}
	}

	private static void tell(Connection connection, String reason, String sentence, String subscriptionId,
			@Nullable String destination) {
		if (connection.sendControl(StompFrames.denied(reason, sentence, null, subscriptionId, destination))) {
			SessionRefusals.report(connection, Door.SUBSCRIBE, reason, destination);
		}
		else {
			SessionRefusals.reportLast(connection, Door.SUBSCRIBE, reason, destination);
			connection.send(Frame.of(StompFrames.error(sentence, null)));
			connection.close(CloseReason.policy(reason));
		}
	}

	private static Message<byte[]> unsubscribe(Connection connection, Map<String, Object> attributes,
			@Nullable Principal user) {
		SimpMessageHeaderAccessor headers = SimpMessageHeaderAccessor.create(SimpMessageType.UNSUBSCRIBE);
		headers.setSessionId(connection.id());
		headers.setSessionAttributes(attributes);
		headers.setUser(user);
		return MessageBuilder.createMessage(NO_PAYLOAD, headers.getMessageHeaders());
	}

}

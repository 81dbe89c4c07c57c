package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.Map;

import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Frame;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.sessions.SubscriptionEnder;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.MessageBuilder;

/**
 * Ends subscriptions on behalf of the server, with everything that is kept of them. No
 * interceptor of the application can stop that.
 */
final class RevokedSubscriptions implements SubscriptionEnder {

	private static final String REVOKED = "revoked";

	private static final String SENTENCE = "The subscription was ended by the service";

	private static final byte[] NO_PAYLOAD = {};

	private final Admission admission;

	private final SessionDestinations destinations;

	private final UnreadFrames unread;

	RevokedSubscriptions(Admission admission, SessionDestinations destinations, UnreadFrames unread) {
		this.admission = admission;
		this.destinations = destinations;
		this.unread = unread;
	}

	@Override
	public void end(Connection connection, Map<String, Object> attributes, @Nullable Principal user,
			String subscriptionId) {
		this.destinations.unsubscribe(connection.id(), subscriptionId);
		this.unread.unsubscribe(connection.id(), subscriptionId);
		boolean unused = connection.unsubscribe(subscriptionId);
		if (connection.sendControl(StompFrames.denied(REVOKED, SENTENCE, null, subscriptionId, null))) {
			SessionRefusals.report(connection, Door.SUBSCRIBE, REVOKED, null);
		}
		else {
			SessionRefusals.reportLast(connection, Door.SUBSCRIBE, REVOKED, null);
			connection.send(Frame.of(StompFrames.error(SENTENCE, null)));
			connection.close(CloseReason.policy(REVOKED));
		}
		this.admission.withdraw(unsubscribe(connection, attributes, user), subscriptionId);
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

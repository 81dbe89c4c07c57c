package dev.realtime.spring.stomp;

import java.util.Map;
import java.util.regex.Pattern;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.hub.Connection;
import dev.realtime.hub.Frame;
import dev.realtime.hub.SubscribeException;
import dev.realtime.hub.SubscribeRequest;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.RefusedException;
import dev.realtime.stomp.StompFrames;

/**
 * Clients' SUBSCRIBEs to topics, their own ones and the session's among them. They are
 * checked before they are admitted; see {@link Admission}.
 */
final class ClientSubscribes {

	private static final String BAD = "bad-subscribe";

	/** Of Ant patterns, and of RabbitMQ's. */
	private static final Pattern WILDCARD = Pattern.compile("\\*|(?<=[./])#(?=[./]|$)");

	private final RealtimeNode node;

	private final Destinations destinations;

	private final BrokerPrefixes topics;

	private final SessionDestinations sessionDestinations;

	ClientSubscribes(RealtimeNode node, Destinations destinations, BrokerPrefixes topics,
			SessionDestinations sessionDestinations) {
		this.node = node;
		this.destinations = destinations;
		this.topics = topics;
		this.sessionDestinations = sessionDestinations;
	}

	/**
	 * Checks what can be checked before subscribing.
	 * @return whether the destination stands for a topic at all
	 * @throws RefusedException when it does and the client cannot subscribe to it
	 */
	boolean check(String destination, FrameHeaders frame, Connection connection) {
		boolean user = destination.startsWith(this.destinations.userPrefix());
		String personal = user ? destination.substring(this.destinations.userPrefix().length() - 1) : "";
		if (user ? !this.topics.matchPersonal(personal) : !this.topics.match(destination)) {
			return false;
		}
		checkWildcard(destination);
		if (!user) {
			checkPresence(ClientInput.topic(BAD, () -> this.destinations.topic(destination)));
		}
		else if (connection.user() != null) {
			String name = connection.user();
			Topic unused = ClientInput.topic(BAD, () -> this.destinations.personal(name, personal));
		}
		Position unusedPosition = frame.resume();
		int unusedRewind = frame.rewind();
		return true;
	}

	/** Subscribes to a topic's destination. */
	void subscribe(String destination, String id, FrameHeaders frame, Connection connection) {
		subscribe(connection, id, this.destinations.topic(destination), frame);
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
				return;
			}
			subscribe(connection, id, this.destinations.personal(user,
					destination.substring(0, destination.length() - "-user".length() - connection.id().length())),
					frame);
		}
		catch (RuntimeException | Error ex) {
			this.sessionDestinations.unsubscribe(connection.id(), id);
			throw ex;
		}
	}

	private static void subscribe(Connection connection, String id, Topic topic, FrameHeaders frame) {
		try {
			connection.subscribe(new SubscribeRequest(id, topic, frame.resume(), frame.rewind(), frame.receipt()));
		}
		catch (SubscribeException ex) {
			if (ex.getCause() != null) {
				// A failure of the server's: the client gets a reference to the log.
				throw new IllegalStateException("A client could not subscribe to \"" + topic + '"', ex);
			}
			throw ClientInput.refused(ex);
		}
	}

	/** A client that expects wildcards must not wait for messages that never come. */
	private static void checkWildcard(String destination) {
		if (WILDCARD.matcher(destination).find()) {
			throw new RefusedException(BAD, "The destination has a wildcard: subscribe to each topic by its name, "
					+ "or publish on one topic what is read together");
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

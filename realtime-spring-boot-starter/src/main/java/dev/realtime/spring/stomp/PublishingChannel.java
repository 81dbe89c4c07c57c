package dev.realtime.spring.stomp;

import java.util.List;

import dev.realtime.Topic;
import dev.realtime.spring.Destinations;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/**
 * The broker channel of an application that only publishes: a message to a topic, or to a
 * user, is published in the calling thread, which waits for the receipt. Nothing else can
 * be sent anywhere. Safe for any number of threads.
 */
final class PublishingChannel implements MessageChannel {

	private static final List<String> PREFIXES = List.of("/topic", "/queue");

	private final Publications publications;

	private final Destinations destinations;

	private final BrokerPrefixes topics;

	PublishingChannel(Publications publications, Destinations destinations) {
		this.publications = publications;
		this.destinations = destinations;
		this.topics = new BrokerPrefixes(PREFIXES, destinations);
	}

	/**
	 * Publishes.
	 * @throws MessageDeliveryException when the destination is none of a topic or user
	 * @throws dev.realtime.PublishException when it could not be stored, or that is not
	 * known
	 */
	@Override
	public boolean send(Message<?> message, long timeout) {
		this.publications.publishAndWait(message, topic(message));
		return true;
	}

	private Topic topic(Message<?> message) {
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		if (destination == null) {
			throw refused(message, "names no destination");
		}
		if (SimpMessageHeaderAccessor.getSessionId(message.getHeaders()) != null) {
			throw refused(message, "is for one session, which is on another node; send to the user");
		}
		if (this.topics.match(destination)) {
			return this.destinations.topic(destination);
		}
		String prefix = this.destinations.userPrefix();
		int slash = destination.indexOf('/', prefix.length());
		if (destination.startsWith(prefix) && slash > prefix.length()
				&& this.topics.matchPersonal(destination.substring(slash))) {
			String user = destination.substring(prefix.length(), slash).replace("%2F", "/");
			return this.destinations.personal(user, destination.substring(slash));
		}
		throw refused(message,
				"has the destination \"" + destination
						+ "\"; with realtime.role=publisher, destinations start with /topic/, /queue/ or " + prefix
						+ "{name}/queue/");
	}

	private static MessageDeliveryException refused(Message<?> message, String why) {
		return new MessageDeliveryException(message, "The message " + why);
	}

}

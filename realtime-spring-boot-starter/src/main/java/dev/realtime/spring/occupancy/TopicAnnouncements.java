package dev.realtime.spring.occupancy;

import java.time.Instant;
import java.util.List;

import dev.realtime.Topic;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Gives an event of a topic to the observers and then to the application's listeners, on
 * the calling thread. What a listener throws is thrown.
 */
final class TopicAnnouncements {

	private final String node;

	private final List<TopicObserver> observers;

	private final ApplicationEventPublisher publisher;

	TopicAnnouncements(String node, List<TopicObserver> observers, ApplicationEventPublisher publisher) {
		this.node = node;
		this.observers = List.copyOf(observers);
		this.publisher = publisher;
	}

	/**
	 * Announces that the topic has its first subscriber, or has lost its last one.
	 * @param time when that was found
	 */
	void announce(Topic topic, boolean occupied, Instant time) {
		Object event = occupied ? new TopicOccupiedEvent(topic, this.node, time)
				: new TopicVacatedEvent(topic, this.node, time);
		this.observers.forEach((observer) -> observer.published(event));
		this.publisher.publishEvent(event);
	}

}

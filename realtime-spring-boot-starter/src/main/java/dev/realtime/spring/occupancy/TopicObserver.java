package dev.realtime.spring.occupancy;

/**
 * Gets the events of topics in their order, before the application's listeners, whatever
 * executor these run on. Not for applications.
 */
@FunctionalInterface
public interface TopicObserver {

	/**
	 * Called on the thread of topic events; does not block, and does not throw.
	 * @param event a {@link TopicOccupiedEvent} or a {@link TopicVacatedEvent}
	 */
	void published(Object event);

}

package dev.realtime.spring.publisher.app;

import dev.realtime.spring.publisher.PublishedOn;

/** All of them are published on the room's topic, unless they say otherwise. */
@PublishedOn("room.{room}")
public sealed interface RoomEvent {

	/** The room's name. */
	String room();

	/**
	 * Inherits the topic.
	 *
	 * @param room the room's name
	 * @param user who entered
	 */
	record Entered(String room, String user) implements RoomEvent {
	}

	/**
	 * Has a topic of its own.
	 *
	 * @param room the room's name
	 */
	@PublishedOn("closed.{room}")
	record Closed(String room) implements RoomEvent {
	}

}

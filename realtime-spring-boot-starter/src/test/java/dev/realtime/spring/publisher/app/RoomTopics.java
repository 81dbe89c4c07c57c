package dev.realtime.spring.publisher.app;

import dev.realtime.spring.publisher.TopicPublisher;

/** The starter makes a bean of it. */
public interface RoomTopics {

	/** Publishes the text in the room. */
	@TopicPublisher("room.{roomId}")
	void posted(String roomId, String text);

}

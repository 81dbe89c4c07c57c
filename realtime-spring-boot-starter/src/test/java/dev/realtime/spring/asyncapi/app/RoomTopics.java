package dev.realtime.spring.asyncapi.app;

import dev.realtime.spring.publisher.TopicPublisher;

/** The topics of rooms. */
public interface RoomTopics {

	@TopicPublisher(value = "room.{room}", type = "posted")
	void posted(String room, ChatMessage message);

}

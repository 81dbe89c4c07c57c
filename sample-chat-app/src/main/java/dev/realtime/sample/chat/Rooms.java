package dev.realtime.sample.chat;

import dev.realtime.PublishReceipt;
import dev.realtime.spring.publisher.TopicPublisher;

/** The starter makes the bean: a call publishes. */
interface Rooms {

	/**
	 * Publishes a message in a room; when this returns, it is numbered and stored.
	 * @param id the sender's id of the message: the same id again is no second message
	 * @throws dev.realtime.PublishException when it could not be stored
	 */
	@TopicPublisher(value = "room.{room}", type = "chat.message", id = "{id}", sender = "{message.author}")
	PublishReceipt say(String room, String id, ChatMessage message);

}

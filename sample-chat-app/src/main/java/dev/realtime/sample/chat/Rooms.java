package dev.realtime.sample.chat;

import dev.realtime.PublishReceipt;
import dev.realtime.spring.publisher.TopicPublisher;
import dev.realtime.spring.publisher.TopicVariable;

/**
 * Where people talk. The starter makes the bean: a call publishes, and when it returns
 * the message is numbered and stored. The same id again is no second message.
 */
@TopicPublisher(type = "chat.message", id = "{id}", sender = "{message.author}")
interface Rooms {

	/**
	 * Says something in a room.
	 * @throws dev.realtime.PublishException when it could not be stored
	 */
	@TopicPublisher("room.{room}")
	PublishReceipt say(String room, String id, ChatMessage message);

	/**
	 * Says something to one person.
	 * @throws dev.realtime.PublishException when it could not be stored
	 */
	@TopicPublisher("dm.{topic.one}.{topic.other}")
	PublishReceipt tell(@TopicVariable DirectTopic topic, String id, ChatMessage message);

}

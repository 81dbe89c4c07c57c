package dev.realtime.spring.publisher;

import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;

/**
 * Fills the placeholders of a topic with the properties of a payload, as
 * {@link PublishedOn} does. Not meant for applications.
 */
public final class PayloadTopic {

	private PayloadTopic() {
	}

	/**
	 * The topic for a payload.
	 * @param template the topic, with placeholders, such as <code>order.{orderId}</code>
	 * @throws IllegalTopicException when a value does not fit into the topic
	 * @throws IllegalArgumentException when a placeholder names no property
	 */
	public static Topic of(String template, Object payload) {
		return TopicTemplate.parse(template)
			.fill((placeholder) -> PropertyPath.read(payload,
					placeholder.isPayload() ? placeholder.path() : placeholder.properties()));
	}

}

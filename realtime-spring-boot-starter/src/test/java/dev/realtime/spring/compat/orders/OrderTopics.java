package dev.realtime.spring.compat.orders;

import java.util.concurrent.CompletionStage;

import dev.realtime.PublishReceipt;
import dev.realtime.spring.publisher.TopicPublisher;

/** Publishes orders. */
public interface OrderTopics {

	/** Publishes and waits. */
	@TopicPublisher("order.{id}")
	void changed(String id, String text);

	/** Publishes and returns where. */
	@TopicPublisher("order.{id}")
	PublishReceipt placed(String id, String text);

	/** Publishes without waiting. */
	@TopicPublisher("order.{id}")
	CompletionStage<PublishReceipt> shipped(String id, String text);

}

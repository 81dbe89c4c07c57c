package dev.realtime.test.shop;

import dev.realtime.spring.publisher.TopicPublisher;

/** What a service publishes about orders. */
interface OrderTopics {

	@TopicPublisher("order.{id}")
	void packed(String id, Shop.Step step);

}

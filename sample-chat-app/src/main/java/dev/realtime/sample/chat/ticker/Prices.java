package dev.realtime.sample.chat.ticker;

import java.util.concurrent.CompletionStage;

import dev.realtime.PublishReceipt;
import dev.realtime.spring.publisher.TopicPublisher;

/** Where frames are published; nobody waits for it. */
interface Prices {

	@TopicPublisher(value = "prices", type = "prices.frame", id = "frame-{frame.number}")
	CompletionStage<PublishReceipt> show(Frame frame);

}

package dev.realtime.sample.chat.fleet;

import java.util.concurrent.CompletionStage;

import dev.realtime.PublishReceipt;
import dev.realtime.spring.publisher.TopicPublisher;

/** The topic on which nodes speak of themselves. */
@TopicPublisher("fleet")
interface Fleet {

	@TopicPublisher(type = "node.report")
	CompletionStage<PublishReceipt> report(NodeReport report);

	@TopicPublisher(type = "probe", id = "{id}")
	PublishReceipt probe(String id, Probe probe);

}

package dev.realtime.spring.publisher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;

/**
 * Refuses every publication of an application with {@code realtime.enabled=false}. There
 * is no receipt that it could return.
 */
final class SwitchedOffPublisher implements RealtimePublisher {

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication) {
		return refused(publication.topic());
	}

	@Override
	public CompletionStage<PublishReceipt> publish(String topic, Object payload) {
		return refused(Topic.of(topic));
	}

	@Override
	public PublishReceipt publishAndWait(String topic, Object payload) {
		return publishAndWait(Publication.of(Topic.of(topic), Content.text("")));
	}

	/** Returns the outcome of every call. */
	static <T> CompletionStage<T> refused(Topic topic) {
		return CompletableFuture.failedFuture(
				PublishException.refused(topic, "realtime.enabled=false, so this application publishes nothing", null));
	}

}

package dev.realtime.spring.publisher;

import java.util.concurrent.CompletionStage;

import dev.realtime.IllegalTopicException;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;

/**
 * The application's door: what it publishes goes through the node's limits, and never to
 * a topic of the engine's own.
 */
public final class ApplicationPublisher implements RealtimePublisher {

	private final GuardedPublisher publisher;

	/** Takes what the engine itself publishes through. */
	public ApplicationPublisher(GuardedPublisher publisher) {
		this.publisher = publisher;
	}

	/**
	 * Checks what can be checked before publishing.
	 * @throws IllegalArgumentException when the publication breaks a limit
	 */
	public void check(Publication publication) {
		if (publication.topic().isReserved()) {
			throw IllegalTopicException.reserved(publication.topic().name());
		}
		this.publisher.check(publication);
	}

	/** Whether publishing on the topic is, here and now, a part of a transaction. */
	boolean joinsTransaction(Topic topic) {
		return this.publisher.joinsTransaction(topic);
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication) {
		check(publication);
		return this.publisher.publish(publication);
	}

	@Override
	public PublishReceipt publishAndWait(Publication publication) {
		check(publication);
		return this.publisher.publishAndWait(publication);
	}

}

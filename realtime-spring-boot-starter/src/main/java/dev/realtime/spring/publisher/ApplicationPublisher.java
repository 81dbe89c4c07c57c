package dev.realtime.spring.publisher;

import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

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

	private final Supplier<PayloadConverter> converter;

	private final Supplier<PublicationObserver> observer;

	/** Creates a publisher that nothing observes. */
	public ApplicationPublisher(GuardedPublisher publisher, Supplier<PayloadConverter> converter) {
		this(publisher, converter, () -> PublicationObserver.NONE);
	}

	/**
	 * Creates the publisher.
	 * @param publisher what the engine itself publishes through
	 * @param converter of payloads that are objects; taken when it is first needed
	 * @param observer of what is published; taken when it is first needed
	 */
	public ApplicationPublisher(GuardedPublisher publisher, Supplier<PayloadConverter> converter,
			Supplier<PublicationObserver> observer) {
		this.publisher = publisher;
		this.converter = converter;
		this.observer = observer;
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
		return this.observer.get().publish(publication, this.publisher::publish);
	}

	@Override
	public CompletionStage<PublishReceipt> publish(String topic, Object payload) {
		return publish(publication(topic, payload));
	}

	@Override
	public PublishReceipt publishAndWait(Publication publication) {
		check(publication);
		return this.observer.get().publishAndWait(publication, this.publisher::publishAndWait);
	}

	@Override
	public PublishReceipt publishAndWait(String topic, Object payload) {
		return publishAndWait(publication(topic, payload));
	}

	private Publication publication(String topic, Object payload) {
		return Publication.of(Topic.of(topic), this.converter.get().convert(payload));
	}

}

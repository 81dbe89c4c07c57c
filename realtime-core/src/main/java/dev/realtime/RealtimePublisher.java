package dev.realtime;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The publisher's door. A message is numbered, then stored, then announced to all nodes.
 * Safe for any number of threads. Calls that one thread makes one after the other on one
 * topic are numbered in that order.
 */
@FunctionalInterface
public interface RealtimePublisher {

	/** How long {@link #publishAndWait(Publication)} waits. */
	Duration DEFAULT_WAIT = Duration.ofSeconds(5);

	/**
	 * Publishes without waiting; never throws for reasons that lie outside the arguments.
	 * It never blocks, but for two cases in the Spring Boot starter: in a transaction
	 * that the message becomes a part of, and where the application chose to wait for
	 * room.
	 * @param publication what to publish
	 * @return completes when the message is stored: subscribers may or may not have it
	 * yet. Completes with a {@link PublishException} when it could not be stored; then
	 * nothing was published, unless {@link PublishException#isOutcomeUnknown()} says
	 * otherwise. May complete on an I/O thread: do not block in what depends on it
	 * @throws IllegalArgumentException when the publication breaks a limit, such as the
	 * largest payload
	 */
	CompletionStage<PublishReceipt> publish(Publication publication);

	/**
	 * Publishes a payload without options; otherwise as {@link #publish(Publication)}.
	 * @param topic the topic's name
	 * @param payload text, bytes, or a {@link Content}. The publisher of the Spring Boot
	 * starter also takes any object for which the application has a message converter,
	 * which makes JSON of it unless the application has decided otherwise
	 * @throws IllegalTopicException when this is not the name of a topic
	 * @throws IllegalArgumentException when the payload is of a type that this publisher
	 * does not take, or breaks a limit
	 */
	default CompletionStage<PublishReceipt> publish(String topic, Object payload) {
		return publish(Publication.of(Topic.of(topic), Content.of(payload)));
	}

	/**
	 * Publishes a payload without options, as {@link #publish(String, Object)}, and waits
	 * for the receipt, as {@link #publishAndWait(Publication)}.
	 * @throws PublishException when it could not be stored
	 */
	default PublishReceipt publishAndWait(String topic, Object payload) {
		return publishAndWait(Publication.of(Topic.of(topic), Content.of(payload)));
	}

	/**
	 * Publishes and waits for the receipt, at most {@link #DEFAULT_WAIT}.
	 * @throws PublishException when it could not be stored
	 */
	default PublishReceipt publishAndWait(Publication publication) {
		try {
			return publish(publication).toCompletableFuture().get(DEFAULT_WAIT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw PublishException.unknown(publication.topic(), "interrupted while waiting for the receipt", ex);
		}
		catch (TimeoutException ex) {
			throw PublishException.unknown(publication.topic(), "no receipt within " + DEFAULT_WAIT, ex);
		}
		catch (ExecutionException | CompletionException ex) {
			throw PublishException.of(publication.topic(), ex);
		}
	}

}

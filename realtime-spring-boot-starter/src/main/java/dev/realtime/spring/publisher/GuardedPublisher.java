package dev.realtime.spring.publisher;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * The limits that hold for everything that is published on this node: the largest
 * payload, and how many publications may be under way.
 */
public class GuardedPublisher implements RealtimePublisher {

	private final RealtimePublisher publisher;

	private final long maxPayload;

	private final int maxInFlight;

	private final Semaphore room;

	private final Duration fullWait;

	private final Duration wait;

	private final @Nullable TransactionalPublishing transactions;

	/**
	 * Guards a publisher.
	 * @param publisher who publishes
	 * @param maxPayload largest payload, in bytes
	 * @param maxInFlight how many publications may be without a receipt at once
	 * @param fullWait how long a caller is made to wait for room when so many are; zero
	 * to refuse it at once
	 * @param wait how long {@link #publishAndWait(Publication)} waits
	 * @param transactions publishes in the caller's transaction where that is possible,
	 * or null
	 */
	public GuardedPublisher(RealtimePublisher publisher, long maxPayload, int maxInFlight, Duration fullWait,
			Duration wait, @Nullable TransactionalPublishing transactions) {
		this.publisher = publisher;
		this.maxPayload = maxPayload;
		this.maxInFlight = maxInFlight;
		this.room = new Semaphore(maxInFlight);
		this.fullWait = fullWait;
		this.wait = wait;
		this.transactions = transactions;
	}

	/**
	 * Publishes as the other does, within the same limits; for subclasses that observe
	 * what is published, such as those of tests.
	 */
	protected GuardedPublisher(GuardedPublisher other) {
		this.publisher = other.publisher;
		this.maxPayload = other.maxPayload;
		this.maxInFlight = other.maxInFlight;
		this.room = other.room;
		this.fullWait = other.fullWait;
		this.wait = other.wait;
		this.transactions = other.transactions;
	}

	/** Whether publishing on the topic is, here and now, a part of a transaction. */
	public final boolean joinsTransaction(Topic topic) {
		return this.transactions != null && this.transactions.isPossible(topic);
	}

	/**
	 * Publishes as {@link #publishAndWait(Publication)} does, and calls back when the
	 * message is stored for good.
	 * @param stored called on this thread: when the message is stored, or after the
	 * commit of the transaction that it is a part of; never if there was one with the
	 * same id before. It must not throw: the message is stored
	 */
	public final void publishAndWait(Publication publication, Consumer<TopicMessage> stored) {
		boolean joins = joinsTransaction(publication.topic());
		PublishReceipt receipt = publishAndWait(publication);
		if (receipt.duplicate()) {
			return;
		}
		TopicMessage message = TopicMessage.of(publication, receipt);
		if (joins) {
			AfterCommit.run(() -> stored.accept(message));
		}
		else {
			stored.accept(message);
		}
	}

	/**
	 * Checks what can be checked before publishing.
	 * @throws IllegalArgumentException when the publication breaks a limit
	 */
	public final void check(Publication publication) {
		int size = publication.content().size();
		if (size > this.maxPayload) {
			throw new IllegalArgumentException("The payload for \"" + publication.topic() + "\" has " + size
					+ " bytes, but realtime.publish.max-payload allows " + this.maxPayload);
		}
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication) {
		check(publication);
		if (this.transactions != null && this.transactions.isPossible(publication.topic())) {
			return inTransaction(this.transactions, publication);
		}
		if (!this.room.tryAcquire() && !isRoomInTime()) {
			return CompletableFuture.failedFuture(PublishException.refused(publication.topic(),
					this.maxInFlight
							+ " publications wait for their receipt, as many as realtime.publish.max-in-flight allows",
					null));
		}
		try {
			return this.publisher.publish(publication).whenComplete((receipt, failure) -> this.room.release());
		}
		catch (Throwable ex) {
			this.room.release();
			throw ex;
		}
	}

	@Override
	public PublishReceipt publishAndWait(Publication publication) {
		try {
			return publish(publication).toCompletableFuture().get(this.wait.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw PublishException.unknown(publication.topic(), "interrupted while waiting for the receipt", ex);
		}
		catch (TimeoutException ex) {
			throw PublishException.unknown(publication.topic(),
					"no receipt within " + this.wait.toMillis() + " ms (realtime.publish.wait)", ex);
		}
		catch (ExecutionException | CompletionException ex) {
			throw PublishException.of(publication.topic(), ex);
		}
	}

	private boolean isRoomInTime() {
		try {
			return !this.fullWait.isZero() && this.room.tryAcquire(this.fullWait.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/** Done, or failed, when it returns. */
	private static CompletionStage<PublishReceipt> inTransaction(TransactionalPublishing transactions,
			Publication publication) {
		try {
			return CompletableFuture.completedFuture(transactions.publish(publication));
		}
		catch (PublishException ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/** How many publications are without a receipt now. */
	public int inFlight() {
		return this.maxInFlight - this.room.availablePermits();
	}

}

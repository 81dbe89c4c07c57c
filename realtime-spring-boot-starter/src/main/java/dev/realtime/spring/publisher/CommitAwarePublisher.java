package dev.realtime.spring.publisher;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.Incident;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.ClassUtils;

/**
 * Publishes at once, or, if a transaction is open, as a part of it where the log can be
 * one, and otherwise after its commit. Not meant for applications.
 */
public final class CommitAwarePublisher {

	private static final Logger logger = LoggerFactory.getLogger(CommitAwarePublisher.class);

	private static final boolean TRANSACTIONS = ClassUtils.isPresent(
			"org.springframework.transaction.support.TransactionSynchronizationManager",
			CommitAwarePublisher.class.getClassLoader());

	/**
	 * Of the messages of committed transactions, far below the default of in-flight ones.
	 */
	private static final int MOST_UNANSWERED = 100;

	private final Supplier<RealtimePublisher> publisher;

	private final LongAdder failuresAfterCommit = new LongAdder();

	/** Messages of committed transactions that have no receipt yet. */
	private final AtomicInteger unanswered = new AtomicInteger();

	/** Takes the publisher when it is first needed. */
	CommitAwarePublisher(Supplier<RealtimePublisher> publisher) {
		this.publisher = publisher;
	}

	/** Whether a transaction of the calling thread is open. */
	boolean isInTransaction() {
		return TRANSACTIONS && AfterCommit.isPossible();
	}

	/**
	 * Publishes. If the message is stored before this method returns, the caller gets the
	 * failure. What breaks a limit is always reported to the caller, whose transaction
	 * can still roll back.
	 * @throws dev.realtime.PublishException when the message could not be stored
	 */
	void publish(Publication publication) {
		if (isInTransaction() && !joinsTransaction(publication.topic())) {
			checkLimits(publication);
			AfterCommit.run(() -> publishInTurn(publication));
		}
		else {
			this.publisher.get().publishAndWait(publication);
		}
	}

	/** Publishes at once, without waiting, whether a transaction is open or not. */
	CompletionStage<PublishReceipt> publishNow(Publication publication) {
		return this.publisher.get().publish(publication);
	}

	/**
	 * Publishes what the calling thread has committed. While many such messages have no
	 * receipt, the thread waits for that of this one, so that a transaction with very
	 * many messages does not lose them to {@code realtime.publish.max-in-flight}.
	 */
	private void publishInTurn(Publication publication) {
		if (this.unanswered.get() < MOST_UNANSWERED) {
			publishCommitted(publication);
			return;
		}
		try {
			this.publisher.get().publishAndWait(publication);
		}
		catch (Throwable ex) {
			failedAfterCommit(publication.topic(), ex);
		}
	}

	/**
	 * Publishes what is committed, without waiting. A failure is logged and counted.
	 */
	void publishCommitted(Publication publication) {
		this.unanswered.incrementAndGet();
		try {
			publishNow(publication).whenComplete((receipt, failure) -> {
				this.unanswered.decrementAndGet();
				if (failure != null) {
					failedAfterCommit(publication.topic(), failure);
				}
			});
		}
		catch (Throwable ex) {
			this.unanswered.decrementAndGet();
			failedAfterCommit(publication.topic(), ex);
		}
	}

	/**
	 * Logs and counts a message that is missing although its transaction has committed.
	 * @param topic its topic, or null when that is unknown
	 */
	void failedAfterCommit(@Nullable Topic topic, Throwable failure) {
		this.failuresAfterCommit.increment();
		String where = (topic != null) ? " on \"" + topic + '"' : "";
		if (Incident.isFirst(logger, failure)) {
			logger.error("A transaction was committed, but its message was not published{}. Publish the message again "
					+ "if it is needed. With the durable log (realtime.log=jdbc) messages are part of the transaction",
					where, failure);
		}
		else {
			logger.error("A transaction was committed, but its message was not published{}: {}", where,
					failure.toString());
		}
	}

	/** Returns how many messages could not be published after a commit. */
	public long failuresAfterCommit() {
		return this.failuresAfterCommit.sum();
	}

	/** With a durable log the message is a part of the transaction itself. */
	private boolean joinsTransaction(Topic topic) {
		return this.publisher.get() instanceof ApplicationPublisher known && known.joinsTransaction(topic);
	}

	private void checkLimits(Publication publication) {
		if (this.publisher.get() instanceof ApplicationPublisher checked) {
			checked.check(publication);
		}
	}

}

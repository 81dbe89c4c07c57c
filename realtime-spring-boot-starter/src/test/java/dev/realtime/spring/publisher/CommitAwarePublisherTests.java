package dev.realtime.spring.publisher;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.testing.FakeTransactions;
import dev.realtime.spring.testing.RecordingPublisher;
import dev.realtime.testing.Sneaky;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** What is published after a commit. */
class CommitAwarePublisherTests {

	private static final int IN_FLIGHT = 150;

	private final RecordingPublisher published = new RecordingPublisher();

	private final TransactionTemplate transactions = new TransactionTemplate(new FakeTransactions(this.published));

	@Test
	void rule2_aLargeTransactionLosesNothingToTheLimitOfMessagesInFlight() throws InterruptedException {
		SlowPublisher slow = new SlowPublisher(Thread.currentThread());
		RealtimePublisher guarded = new GuardedPublisher(slow, 100, IN_FLIGHT, Duration.ZERO, Duration.ofSeconds(20),
				null);
		CommitAwarePublisher publisher = new CommitAwarePublisher(() -> guarded);
		slow.start();
		try {
			this.transactions.executeWithoutResult((status) -> {
				for (int i = 0; i < 1_000; i++) {
					publisher.publish(message(String.valueOf(i)));
				}
			});
		}
		finally {
			slow.interrupt();
			slow.join();
		}
		assertThat(publisher.failuresAfterCommit()).isZero();
		assertThat(slow.texts).hasSize(1_000).startsWith("0", "1").endsWith("998", "999");
	}

	@ParameterizedTest
	@MethodSource("thrown")
	void rule9_whatIsThrownAfterTheCommitIsCountedAndEndsNothingElse(Throwable thrown) {
		CommitAwarePublisher publisher = new CommitAwarePublisher(() -> (publication) -> {
			throw Sneaky.sneak(thrown);
		});
		List<String> after = new ArrayList<>();
		this.transactions.executeWithoutResult((status) -> {
			publisher.publish(message("text"));
			onCommit(() -> after.add("the application's"));
		});
		assertThat(publisher.failuresAfterCommit()).isEqualTo(1);
		assertThat(after).containsExactly("the application's");
	}

	private static List<Throwable> thrown() {
		return List.of(new NoClassDefFoundError("on purpose"), new IOException("on purpose"));
	}

	@Test
	void whatIsPublishedInAfterCommitOfAnUnknownManagerIsNotLost() {
		CommitAwarePublisher publisher = new CommitAwarePublisher(() -> this.published);
		this.transactions.executeWithoutResult((status) -> onCommit(() -> publisher.publish(message("late"))));
		assertThat(this.published.lines()).containsExactly("room: late");
	}

	@Test
	void aManagerOfReactiveTransactionsIsNotListenedTo() {
		ReactiveManager manager = new ReactiveManager();
		CurrentTransaction.postProcessor().postProcessAfterInitialization(manager, "manager");
		assertThat(manager.listeners).isEmpty();
	}

	private static void onCommit(Runnable action) {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
			@Override
			public void afterCommit() {
				action.run();
			}
		});
	}

	private static Publication message(String text) {
		return Publication.to(Topic.of("room")).content(Content.text(text)).build();
	}

	/** Answers only while the committing thread waits. */
	private static final class SlowPublisher extends Thread implements RealtimePublisher {

		private final Queue<CompletableFuture<PublishReceipt>> open = new ConcurrentLinkedQueue<>();

		private final List<String> texts = new ArrayList<>();

		private final Thread committing;

		SlowPublisher(Thread committing) {
			super("answers");
			this.committing = committing;
		}

		@Override
		public CompletionStage<PublishReceipt> publish(Publication publication) {
			CompletableFuture<PublishReceipt> receipt = new CompletableFuture<>();
			this.texts.add(publication.content().text());
			this.open.add(receipt);
			return receipt;
		}

		@Override
		public void run() {
			while (!isInterrupted()) {
				if (this.committing.getState() == State.TIMED_WAITING) {
					for (CompletableFuture<PublishReceipt> each = this.open.poll(); each != null; each = this.open
						.poll()) {
						each.complete(new PublishReceipt(Topic.of("room"), new Position("E", 1), 0, false));
					}
				}
				Thread.onSpinWait();
			}
		}

	}

	/** Has no thread. */
	private static final class ReactiveManager implements ConfigurableTransactionManager {

		private final List<TransactionExecutionListener> listeners = new ArrayList<>();

		@Override
		public void setTransactionExecutionListeners(Collection<TransactionExecutionListener> listeners) {
			this.listeners.addAll(listeners);
		}

		@Override
		public Collection<TransactionExecutionListener> getTransactionExecutionListeners() {
			return this.listeners;
		}

		@Override
		public void addListener(TransactionExecutionListener listener) {
			this.listeners.add(listener);
		}

	}

}

package dev.realtime.test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.spring.publisher.GuardedPublisher;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Notes what the application's publisher has published, for those who want to know now.
 * Publisher and receipts stay as they are. Safe for any number of threads.
 */
final class PublicationLog {

	private final List<Publications> wanting = new CopyOnWriteArrayList<>();

	private final Payloads payloads;

	PublicationLog(BeanFactory application) {
		this.payloads = new Payloads(application);
	}

	/** Notes what is published from now on, until that is closed. */
	PublishedMessages begin() {
		Publications publications = new Publications(this);
		this.wanting.add(publications);
		return new PublishedMessages(publications);
	}

	void remove(Publications publications) {
		this.wanting.remove(publications);
	}

	/** Returns the same publisher, whose publications are noted. */
	GuardedPublisher observe(GuardedPublisher engine) {
		return new NotedPublisher(this, engine);
	}

	private CompletionStage<PublishReceipt> noted(CompletionStage<PublishReceipt> stored, Publication publication) {
		CompletableFuture<PublishReceipt> noted = new CompletableFuture<>();
		CompletionStage<PublishReceipt> unused = stored.whenComplete((receipt, failure) -> {
			if (failure != null) {
				noted.completeExceptionally(failure);
			}
			else {
				note(publication, receipt);
				noted.complete(receipt);
			}
		});
		return noted;
	}

	private void note(Publication publication, PublishReceipt receipt) {
		if (receipt.duplicate()) {
			return;
		}
		PublishedMessage message = new PublishedMessage(publication, receipt.position(), this.payloads);
		this.wanting.forEach((each) -> each.accept(message));
	}

	/** What the starter publishes through for the application. */
	private static final class NotedPublisher extends GuardedPublisher {

		private final PublicationLog log;

		NotedPublisher(PublicationLog log, GuardedPublisher engine) {
			super(engine);
			this.log = log;
		}

		@Override
		public CompletionStage<PublishReceipt> publish(Publication publication) {
			if (!joinsTransaction(publication.topic())) {
				return this.log.noted(super.publish(publication), publication);
			}
			CompletionStage<PublishReceipt> stored = super.publish(publication);
			// Done, or failed, when it returns.
			CompletionStage<PublishReceipt> unused = stored
				.thenApply((receipt) -> noteAfterCommit(publication, receipt));
			return stored;
		}

		private PublishReceipt noteAfterCommit(Publication publication, PublishReceipt receipt) {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCommit() {
					NotedPublisher.this.log.note(publication, receipt);
				}

			});
			return receipt;
		}

	}

}

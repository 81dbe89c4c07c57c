package dev.realtime.spring.publisher;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;

/**
 * Observes what the application publishes. Called by the publishing thread. Its own
 * failures must not reach the publisher. Not for applications.
 */
public interface PublicationObserver {

	/** Observes nothing. */
	PublicationObserver NONE = new PublicationObserver() {
		@Override
		public CompletionStage<PublishReceipt> publish(Publication publication,
				Function<Publication, CompletionStage<PublishReceipt>> publisher) {
			return publisher.apply(publication);
		}

		@Override
		public PublishReceipt publishAndWait(Publication publication, Function<Publication, PublishReceipt> publisher) {
			return publisher.apply(publication);
		}
	};

	/** Calls the publisher once, and returns or throws what it returns or throws. */
	CompletionStage<PublishReceipt> publish(Publication publication,
			Function<Publication, CompletionStage<PublishReceipt>> publisher);

	/** Calls the publisher once, and returns or throws what it returns or throws. */
	PublishReceipt publishAndWait(Publication publication, Function<Publication, PublishReceipt> publisher);

}

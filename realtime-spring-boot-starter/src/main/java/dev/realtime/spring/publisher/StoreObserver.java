package dev.realtime.spring.publisher;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;

/**
 * Observes how publications with a trace are stored. Its own failures must not reach
 * publishers. Not for applications.
 */
@FunctionalInterface
public interface StoreObserver {

	/** Observes nothing. */
	StoreObserver NONE = (publication, store) -> store.apply(publication);

	/**
	 * Stores the publication, by one call of the function.
	 * @param store hands it to the broker
	 * @return what the function returns
	 */
	CompletionStage<PublishReceipt> store(Publication publication,
			Function<Publication, CompletionStage<PublishReceipt>> store);

}

package dev.realtime.spring.tracing;

import java.time.Instant;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import io.micrometer.observation.transport.Kind;
import org.jspecify.annotations.Nullable;

/**
 * What an observation of a message's storing knows: from the call of the broker until the
 * message is numbered and stored, or has failed. The carrier is the publication.
 */
public final class StoreObservationContext extends TimedObservationContext<Publication> {

	private final @Nullable PublishReceipt receipt;

	private final String rule;

	StoreObservationContext(Publication publication, @Nullable PublishReceipt receipt, Instant began, Instant ended,
			String rule) {
		super(publication, (carrier) -> carrier.content().trace(), Kind.CLIENT, began, ended);
		this.receipt = receipt;
		this.rule = rule;
	}

	/** Returns what was to be stored. */
	public Publication publication() {
		return getCarrier();
	}

	/** Returns the receipt; null if storing has failed. */
	public @Nullable PublishReceipt receipt() {
		return this.receipt;
	}

	/** Returns the name of the rule below {@code realtime.topics} that decides. */
	public String rule() {
		return this.rule;
	}

}

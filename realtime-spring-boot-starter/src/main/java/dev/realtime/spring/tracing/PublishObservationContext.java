package dev.realtime.spring.tracing;

import java.util.HashMap;
import java.util.Map;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * What an observation of a publication knows: from the call to publish until the message
 * is stored, or has failed. The carrier gets the headers of the propagator, of which
 * {@code traceparent} travels with the message.
 */
public final class PublishObservationContext extends SenderContext<Map<String, String>> {

	private final Publication publication;

	private final String rule;

	private volatile @Nullable PublishReceipt receipt;

	PublishObservationContext(Publication publication, String rule) {
		super((carrier, name, value) -> {
			if (carrier != null) {
				carrier.put(name, value);
			}
		}, Kind.PRODUCER);
		this.publication = publication;
		this.rule = rule;
		setCarrier(new HashMap<>(4));
	}

	/** Returns the publication, as it was before it got its trace. */
	public Publication publication() {
		return this.publication;
	}

	/** Returns the name of the rule below {@code realtime.topics} that decides. */
	public String rule() {
		return this.rule;
	}

	/** Returns the receipt, once the message is stored; else null. */
	public @Nullable PublishReceipt receipt() {
		return this.receipt;
	}

	void stored(PublishReceipt receipt) {
		this.receipt = receipt;
	}

}

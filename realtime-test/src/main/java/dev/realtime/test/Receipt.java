package dev.realtime.test;

import java.util.Map;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/**
 * What the server answered to a SEND.
 *
 * @param headers of the RECEIPT
 */
public record Receipt(Map<String, String> headers) {

	/** The position of what was sent to a topic, or null for other destinations. */
	public @Nullable Position position() {
		String epoch = this.headers.get("epoch");
		String seq = this.headers.get("seq");
		return (epoch != null && seq != null) ? new Position(epoch, Long.parseLong(seq)) : null;
	}

	/** Whether the message had been published before under the same id. */
	public boolean isDuplicate() {
		return "true".equals(this.headers.get("duplicate"));
	}

}

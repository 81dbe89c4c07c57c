package dev.realtime.spring.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * The form of Server-Sent Events (HTML standard, section 9.2).
 *
 * <pre>
 * retry: 2718              id: 7QX2M0A9BC-12
 * : realtime               data: {"topic":"room.42","epoch":…}
 *
 *                          event: subscribed
 *                          id: 7QX2M0A9BC-11
 *                          data: {"topic":"room.42",…}
 *
 * </pre>
 *
 * A field ends with its line. Data is one line of JSON, in which line breaks are escaped;
 * ids and names of events are ours: so no text of a publisher's can begin a field.
 */
final class EventWriter {

	private EventWriter() {
	}

	/** How a stream begins. */
	static void beginning(ByteArrayOutputStream out, long retryMillis) {
		ascii(out, "retry: " + retryMillis + "\n: realtime\n\n");
	}

	/**
	 * Writes an event.
	 * @param position what the client has with it, or null for no change
	 */
	static void event(ByteArrayOutputStream out, StreamEvent event, @Nullable String position) {
		if (event.retryMillis() > 0) {
			ascii(out, "retry: " + event.retryMillis() + '\n');
		}
		if (!event.name().equals(StreamEvent.MESSAGE)) {
			ascii(out, "event: " + event.name() + '\n');
		}
		if (position != null) {
			ascii(out, "id: " + position + '\n');
		}
		ascii(out, "data: {");
		out.writeBytes(event.fields());
		out.writeBytes(event.document());
		ascii(out, "\n\n");
	}

	private static void ascii(ByteArrayOutputStream out, String text) {
		out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
	}

}

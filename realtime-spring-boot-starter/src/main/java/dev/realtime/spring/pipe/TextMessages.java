package dev.realtime.spring.pipe;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;

/**
 * Makes the messages of one text; {@code docs/protocol.md} says what is in them. Each has
 * an id, so that it may be published again when the answer was lost, and is important, so
 * that no delivery rate leaves it out.
 */
final class TextMessages {

	/** The type of a message with a piece of the text. */
	static final String TEXT = "stream.text";

	/** The type of the last message. */
	static final String END = "stream.end";

	static final String ID = "stream-id";

	/** How many characters of the text come before the piece. */
	static final String OFFSET = "stream-offset";

	/** After how many milliseconds without a message readers give the text up. */
	static final String TIMEOUT = "stream-timeout";

	static final String OUTCOME = "stream-outcome";

	static final String REFERENCE = "stream-reference";

	private final Topic topic;

	private final String id;

	private final String timeout;

	private long number;

	TextMessages(Topic topic, String id, Duration timeout) {
		this.topic = topic;
		this.id = id;
		this.timeout = String.valueOf(timeout.toMillis());
	}

	/** A piece of the text, which may be empty. */
	Publication text(int offset, String piece) {
		return next(offset, piece, TEXT).header(TIMEOUT, this.timeout).build();
	}

	/** The end of a text of this length. */
	Publication end(Ending ending, int length) {
		Publication.Builder end = next(length, "", END).header(OUTCOME, ending.outcome().word());
		String reference = ending.reference();
		return ((reference != null) ? end.header(REFERENCE, reference) : end).build();
	}

	private Publication.Builder next(int offset, String piece, String type) {
		Content content = Content.of(piece.getBytes(StandardCharsets.UTF_8), Content.TEXT, type,
				Map.of(ID, this.id, OFFSET, String.valueOf(offset)));
		return Publication.to(this.topic).content(content).id(this.id + '.' + ++this.number).important(true);
	}

}

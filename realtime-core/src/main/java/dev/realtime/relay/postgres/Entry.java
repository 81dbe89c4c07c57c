package dev.realtime.relay.postgres;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.jdbc.EscapedText;
import dev.realtime.log.jdbc.JdbcRanges;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a node tells the others, as a line of text whose fields are separated by
 * tabs. Texts are escaped, so they hold neither tabs nor line feeds; {@code =} stands
 * before a text that may be missing.
 *
 * <pre>
 * m epoch from through topic          numbers of a topic are in the log
 * s topic type =user =session =payload   a signal
 * </pre>
 */
sealed interface Entry {

	/** Numbers of a topic that can be read from the log. */
	record Moved(JdbcRanges.Range range) implements Entry {

		@Override
		public String line() {
			return "m\t" + EscapedText.write(this.range.epoch()) + '\t' + this.range.from() + '\t'
					+ this.range.through() + '\t' + EscapedText.write(this.range.topic().name());
		}

	}

	/** A signal as a whole. */
	record Told(Signal signal) implements Entry {

		@Override
		public String line() {
			return "s\t" + EscapedText.write(this.signal.topic().name()) + '\t' + EscapedText.write(this.signal.type())
					+ '\t' + optional(this.signal.user()) + '\t' + optional(this.signal.excludedSession()) + '\t'
					+ optional(this.signal.payload());
		}

	}

	/** Without the line feed at its end. */
	String line();

	/**
	 * Reads a line.
	 * @return null for a kind of entry that this version does not know
	 * @throws IllegalArgumentException when it is malformed
	 */
	static @Nullable Entry of(String line) {
		List<String> fields = fields(line);
		return switch (fields.get(0)) {
			case "m" -> {
				require(fields, 5);
				JdbcRanges.Range range = new JdbcRanges.Range(Topic.of(text(fields.get(4))), text(fields.get(1)),
						Long.parseLong(fields.get(2)), Long.parseLong(fields.get(3)));
				if (range.from() < 1 || range.through() < range.from()) {
					throw new IllegalArgumentException("numbers " + range.from() + " through " + range.through());
				}
				yield new Moved(range);
			}
			case "s" -> {
				require(fields, 6);
				yield new Told(new Signal(Topic.of(text(fields.get(1))), text(fields.get(2)), optionalOf(fields.get(3)),
						optionalOf(fields.get(5)), optionalOf(fields.get(4))));
			}
			default -> null;
		};
	}

	private static void require(List<String> fields, int count) {
		if (fields.size() < count) {
			throw new IllegalArgumentException(fields.size() + " fields instead of " + count);
		}
	}

	private static List<String> fields(String line) {
		List<String> fields = new ArrayList<>(6);
		int from = 0;
		for (int tab = line.indexOf('\t'); tab >= 0; tab = line.indexOf('\t', from)) {
			fields.add(line.substring(from, tab));
			from = tab + 1;
		}
		fields.add(line.substring(from));
		return fields;
	}

	private static String optional(@Nullable String text) {
		return (text != null) ? "=" + EscapedText.write(text) : "";
	}

	private static @Nullable String optionalOf(String field) {
		return field.startsWith("=") ? text(field.substring(1)) : null;
	}

	private static String text(String field) {
		String text = EscapedText.read(field);
		return (text != null) ? text : "";
	}

}

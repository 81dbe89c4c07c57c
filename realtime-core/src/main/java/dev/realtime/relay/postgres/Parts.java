package dev.realtime.relay.postgres;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Cuts text into payloads of NOTIFY, which must be shorter than 8,000 bytes, and puts
 * them together again.
 *
 * <pre>
 * payload: "1 sender batch part parts" LF a part of the text
 * </pre>
 *
 * The parts of one batch leave in one transaction, so each sender's arrive together and
 * in their order. Putting together is for one thread.
 */
final class Parts {

	/** Most bytes of text in one payload; the line before it has at most 100. */
	static final int PART_BYTES = 7_800;

	/** Most parts of one batch: enough for the largest signal. */
	static final int MAX_PARTS = 128;

	/** Most senders whose batches are incomplete; more than that were cut off. */
	private static final int MAX_INCOMPLETE = 1_000;

	private final Map<String, Incomplete> incomplete = new LinkedHashMap<>();

	/** The payloads of a text. */
	static List<String> cut(String sender, long batch, String text) {
		List<String> parts = new ArrayList<>();
		int from = 0;
		int bytes = 0;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			int size = (c < 0x80) ? 1 : (c < 0x800) ? 2 : 3;
			if (bytes + size > PART_BYTES - 1 && !Character.isLowSurrogate(c)) {
				parts.add(text.substring(from, i));
				from = i;
				bytes = 0;
			}
			bytes += size;
		}
		parts.add(text.substring(from));
		List<String> payloads = new ArrayList<>(parts.size());
		for (int i = 0; i < parts.size(); i++) {
			payloads.add("1 " + sender + ' ' + batch + ' ' + (i + 1) + ' ' + parts.size() + '\n' + parts.get(i));
		}
		return payloads;
	}

	/**
	 * Takes a payload.
	 * @return the text when it is complete, else null; also null for what a version sends
	 * that this one does not know
	 * @throws IllegalArgumentException when it is malformed
	 */
	@Nullable Text add(String payload) {
		int end = payload.indexOf('\n');
		if (end < 0 || end > 100) {
			throw new IllegalArgumentException("a payload begins with a short line");
		}
		String[] words = payload.substring(0, end).split(" ", -1);
		if (!words[0].equals("1")) {
			return null;
		}
		if (words.length != 5) {
			throw new IllegalArgumentException("a payload begins with five words");
		}
		int part = Integer.parseInt(words[3]);
		int parts = Integer.parseInt(words[4]);
		if (part < 1 || part > parts || parts > MAX_PARTS) {
			throw new IllegalArgumentException("part " + part + " of " + parts);
		}
		String sender = words[1];
		String text = payload.substring(end + 1);
		if (parts == 1) {
			return new Text(sender, text);
		}
		return collect(sender, words[2], part, parts, text);
	}

	private @Nullable Text collect(String sender, String batch, int part, int parts, String text) {
		Incomplete known = this.incomplete.remove(sender);
		if (part == 1) {
			known = new Incomplete(batch);
		}
		else if (known == null || !known.batch.equals(batch) || known.parts != part - 1) {
			// its beginning was sent before this node listened
			return null;
		}
		known.text.append(text);
		known.parts = part;
		if (part == parts) {
			return new Text(sender, known.text.toString());
		}
		if (this.incomplete.size() >= MAX_INCOMPLETE) {
			this.incomplete.remove(this.incomplete.keySet().iterator().next());
		}
		this.incomplete.put(sender, known);
		return null;
	}

	/** A text and the node that sent it. */
	record Text(String sender, String text) {
	}

	private static final class Incomplete {

		private final String batch;

		private final StringBuilder text = new StringBuilder();

		private int parts;

		Incomplete(String batch) {
			this.batch = batch;
		}

	}

}

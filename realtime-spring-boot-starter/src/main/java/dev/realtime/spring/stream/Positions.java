package dev.realtime.spring.stream;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.RefusedException;
import org.jspecify.annotations.Nullable;

/**
 * The compact form of the positions of several subscriptions: {@code epoch-seq} for each,
 * in their order, with commas between; nothing where none is known.
 */
final class Positions {

	private Positions() {
	}

	/**
	 * Reads as many positions as there are subscriptions.
	 * @param text null when the client has none
	 * @throws StreamRefusedException when it is malformed
	 */
	static List<@Nullable Position> parse(@Nullable String text, int count) {
		List<@Nullable Position> positions = new ArrayList<>(count);
		if (text == null || text.isBlank()) {
			for (int i = 0; i < count; i++) {
				positions.add(null);
			}
			return positions;
		}
		String[] pieces = text.strip().split(",", -1);
		if (pieces.length != count) {
			throw new StreamRefusedException("The position has " + pieces.length + " pieces, but there are " + count
					+ " subscriptions; it must be the one of the same topics and destinations in the same order");
		}
		for (String piece : pieces) {
			positions.add(piece.isEmpty() ? null : parse(piece));
		}
		return positions;
	}

	/**
	 * Reads one position.
	 * @throws StreamRefusedException when it is malformed
	 */
	static Position parse(String piece) {
		int dash = piece.indexOf('-');
		if (dash < 0) {
			throw new StreamRefusedException(
					"A position looks like 7QX2M0A9BC-12, as an event's id or a message's epoch and seq give it");
		}
		long seq = Query.number("The number of a position", piece.substring(dash + 1));
		try {
			return ClientInput.position("bad-request", piece.substring(0, dash), seq);
		}
		catch (RefusedException ex) {
			throw new StreamRefusedException(ex.sentence());
		}
	}

	static String text(List<Subscription> subscriptions) {
		StringBuilder text = new StringBuilder(subscriptions.size() * 24);
		for (int i = 0; i < subscriptions.size(); i++) {
			Position position = subscriptions.get(i).position();
			text.append((i == 0) ? "" : ",");
			if (position != null) {
				text.append(position.epoch()).append('-').append(position.seq());
			}
		}
		return text.toString();
	}

}

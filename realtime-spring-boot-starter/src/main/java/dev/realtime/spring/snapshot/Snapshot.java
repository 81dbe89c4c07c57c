package dev.realtime.spring.snapshot;

import dev.realtime.Position;
import org.jspecify.annotations.Nullable;

/**
 * A topic's state at a position. The messages after the position turn it into the present
 * state.
 *
 * @param <T> the state's type
 * @param position where the state stands, or null for the position that the topic had
 * right before the provider was asked
 * @param state becomes JSON
 */
public record Snapshot<T>(@Nullable Position position, @Nullable T state) {

	/**
	 * A state that holds at least everything that was published before the provider was
	 * asked. It may hold more: a client gets messages that are in it already, so applying
	 * one again must change nothing (an entry with an id is such a thing, a counter is
	 * not).
	 */
	public static <T> Snapshot<T> of(@Nullable T state) {
		return new Snapshot<>(null, state);
	}

	/**
	 * A state that holds exactly the messages up to this position: no client applies one
	 * twice.
	 * @param position in the topic's present epoch, as in the receipt of a publication
	 */
	public static <T> Snapshot<T> at(Position position, @Nullable T state) {
		return new Snapshot<>(position, state);
	}

}

package dev.realtime.spring.stomp;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.realtime.connection.Connection;
import org.jspecify.annotations.Nullable;

/**
 * What is kept for each connection that needs it, until its socket is closed. That does
 * not depend on a DISCONNECT message, which interceptors of the application may stop.
 * Safe for any number of threads.
 *
 * @param <T> what is kept
 */
final class PerConnection<T> {

	private final Map<String, T> byId = new ConcurrentHashMap<>();

	private final Supplier<T> first;

	private final Consumer<T> end;

	/**
	 * Makes an empty one.
	 * @param first makes what is kept for a connection
	 * @param end called with what was kept, once the socket is closed; must not block
	 */
	PerConnection(Supplier<T> first, Consumer<T> end) {
		this.first = first;
		this.end = end;
	}

	/** Returns what is kept for the connection, and makes it if nothing is. */
	T of(Connection connection) {
		String id = connection.id();
		T known = this.byId.get(id);
		if (known != null) {
			return known;
		}
		T made = this.first.get();
		known = this.byId.putIfAbsent(id, made);
		if (known != null) {
			return known;
		}
		connection.whenClosed(() -> {
			if (this.byId.remove(id, made)) {
				this.end.accept(made);
			}
		});
		return made;
	}

	/** Returns what is kept for the connection of this id, or null. */
	@Nullable T find(String id) {
		return this.byId.get(id);
	}

	/** Returns for how many connections something is kept. */
	int size() {
		return this.byId.size();
	}

}

package dev.realtime.test;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;

/**
 * The sessions of whose end the application's listeners have heard: the last
 * {@value #MOST}. A listener that throws keeps those behind it, and so this one, from
 * hearing of it. Safe for any number of threads.
 */
final class EndedSessions implements ApplicationListener<SessionDisconnectEvent>, Ordered {

	private static final int MOST = 10_000;

	/** Listeners that take longer than this are not waited for. */
	private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Set<String> ids = Collections.synchronizedSet(Collections.newSetFromMap(new Latest<>()));

	/** When the first listener heard of it. */
	private final Map<String, Long> begun = Collections.synchronizedMap(new Latest<>());

	/** Whether all listeners have heard of it, or one of them throws or takes long. */
	boolean contains(String id) {
		Long since = this.begun.get(id);
		return this.ids.contains(id) || (since != null && System.nanoTime() - since > PATIENCE_NANOS);
	}

	/** Returns the listener that must be registered as well. */
	ApplicationListener<SessionDisconnectEvent> first() {
		return new First(this.begun);
	}

	@Override
	public void onApplicationEvent(SessionDisconnectEvent event) {
		this.ids.add(event.getSessionId());
	}

	/** After the application's listeners. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/**
	 * Hears of the end before the application's listeners.
	 *
	 * @param begun gets the session and the time
	 */
	private record First(Map<String, Long> begun) implements ApplicationListener<SessionDisconnectEvent>, Ordered {

		@Override
		public void onApplicationEvent(SessionDisconnectEvent event) {
			this.begun.put(event.getSessionId(), System.nanoTime());
		}

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

	}

	private static final class Latest<V> extends LinkedHashMap<String, V> {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
			return size() > MOST;
		}

	}

}

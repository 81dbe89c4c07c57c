package dev.realtime.test;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;

/**
 * The sessions of whose end the application's listeners have heard: the last
 * {@value #MOST}. Safe for any number of threads.
 */
final class EndedSessions implements ApplicationListener<SessionDisconnectEvent>, Ordered {

	private static final int MOST = 10_000;

	private final Set<String> ids = Collections.synchronizedSet(Collections.newSetFromMap(new Latest()));

	boolean contains(String id) {
		return this.ids.contains(id);
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

	private static final class Latest extends LinkedHashMap<String, Boolean> {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
			return size() > MOST;
		}

	}

}

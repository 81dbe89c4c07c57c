package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Topic;
import dev.realtime.presence.Presence;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the listener, on one thread, in the order of replies. A slow listener does not
 * make this grow: when {@value #FULL} events wait, {@link #isFull()} stops the calls that
 * could cause more.
 */
final class PresenceEvents {

	static final int FULL = 10_000;

	private static final Logger logger = LoggerFactory.getLogger(PresenceEvents.class);

	private final ExecutorService thread = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "realtime-presence-events");
		thread.setDaemon(true);
		return thread;
	});

	private final AtomicInteger waiting = new AtomicInteger();

	private final Presence.Listener listener;

	PresenceEvents(Presence.Listener listener) {
		this.listener = listener;
	}

	boolean isFull() {
		return this.waiting.get() >= FULL;
	}

	void emit(Topic topic, List<String> events) {
		if (events.isEmpty()) {
			return;
		}
		this.waiting.addAndGet(events.size());
		try {
			this.thread.execute(() -> events.forEach((event) -> tell(topic, event)));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Events on {} came after the end: {}", topic, events);
		}
	}

	private void tell(Topic topic, String event) {
		this.waiting.decrementAndGet();
		int space = event.indexOf(' ');
		long members = Long.parseLong(event, 1, space, 10);
		String user = event.substring(space + 1);
		try {
			if (event.charAt(0) == '+') {
				this.listener.onJoin(topic, user, members);
			}
			else {
				this.listener.onLeave(topic, user, members);
			}
		}
		catch (RuntimeException ex) {
			logger.warn("A presence listener failed at {} on {}; the event is not repeated", event, topic, ex);
		}
	}

	/** Ends when all events are told, or after this time. */
	void close(Duration patience) {
		this.thread.shutdown();
		try {
			if (this.thread.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.thread.shutdownNow();
	}

}

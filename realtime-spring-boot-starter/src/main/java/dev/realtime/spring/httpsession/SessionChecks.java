package dev.realtime.spring.httpsession;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.NodePart;
import dev.realtime.spring.sessions.SessionDoor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.function.SingletonSupplier;

/**
 * Looks every two seconds whether HTTP sessions have ended that have started connections
 * of users on this node, {@value #MOST} of them at a time and the others in turn. A
 * session that cannot be looked at stays.
 */
final class SessionChecks implements NodePart, AutoCloseable {

	static final Duration INTERVAL = Duration.ofSeconds(2);

	/** Sessions that are looked at in one interval. */
	static final int MOST = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(SessionChecks.class);

	/** Before the stores of sessions are closed. */
	private static final int PHASE = 2_048;

	private final SessionDoor door;

	private final Supplier<List<SessionCheck>> checks;

	private final Loop loop;

	/** Marks that wait for their turn. Confined to the loop, as all that follows. */
	private final Queue<String> waiting = new ArrayDeque<>();

	private boolean failing;

	private volatile boolean started;

	SessionChecks(SessionDoor door, Supplier<List<SessionCheck>> checks, Loops loops) {
		this.door = door;
		this.checks = SingletonSupplier.of(checks);
		this.loop = loops.loop("realtime-http-sessions");
	}

	@Override
	public void start() {
		this.started = true;
		this.loop.every(INTERVAL, this::check);
	}

	private void check() {
		List<SessionCheck> all = this.checks.get();
		if (all.isEmpty()) {
			return;
		}
		Map<String, String> sessions = this.door.httpSessions();
		if (this.waiting.isEmpty()) {
			this.waiting.addAll(sessions.keySet());
		}
		for (int i = 0; i < MOST && !this.waiting.isEmpty(); i++) {
			this.loop.progressed();
			String mark = this.waiting.remove();
			String id = sessions.get(mark);
			if (id != null && isOver(all, id)) {
				this.door.httpSessionEnded(mark);
			}
		}
	}

	private boolean isOver(List<SessionCheck> all, String id) {
		try {
			boolean over = all.stream().anyMatch((check) -> check.isOver(id));
			this.failing = false;
			return over;
		}
		catch (Exception ex) {
			if (!this.failing) {
				this.failing = true;
				logger.warn("Could not check whether HTTP sessions have ended; trying again", ex);
			}
			return false;
		}
	}

	@Override
	public void stop() {
		close();
	}

	@Override
	public boolean isRunning() {
		return this.started && !this.loop.isClosed();
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/** Idempotent; does not wait. */
	@Override
	public void close() {
		this.loop.close();
	}

}

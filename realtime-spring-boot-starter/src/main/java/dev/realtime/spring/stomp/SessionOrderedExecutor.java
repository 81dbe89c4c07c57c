package dev.realtime.spring.stomp;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.loop.Loop;
import dev.realtime.spring.Incident;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageHandlingRunnable;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Runs what belongs to one session one after the other, in the order it came, on the
 * threads of the channel's own executor; different sessions run side by side. At most
 * {@code bound} tasks of a session wait: then the caller, which is the container's thread
 * that reads this session's socket, waits, and so does the client. A SEND that the gate
 * holds waits with all that follows it, and no thread waits for it.
 * <p>
 * A task that throws ends nothing but itself. What tells Spring that a session is over is
 * never refused.
 */
final class SessionOrderedExecutor implements TaskExecutor, InboundExecutor {

	private static final Logger logger = LoggerFactory.getLogger(SessionOrderedExecutor.class);

	/** After this the executor, which took nothing, is asked again. */
	private static final Duration RETRY = Duration.ofMillis(100);

	/** Set while the calling thread runs frames that are in order already. */
	private static final ThreadLocal<Ordered> ordered = new ThreadLocal<>();

	private final Executor delegate;

	private final int bound;

	private final @Nullable SendGate gate;

	private final Loop retries;

	private final Map<String, SessionLane> lanes = new ConcurrentHashMap<>();

	/**
	 * Keeps the order on another executor.
	 * @param retries asks that executor again when it took nothing; not closed here
	 */
	SessionOrderedExecutor(Executor delegate, int bound, @Nullable SendGate gate, Loop retries) {
		this.delegate = delegate;
		this.bound = bound;
		this.gate = gate;
		this.retries = retries;
	}

	/** The channel's own executor. */
	Executor delegate() {
		return this.delegate;
	}

	/**
	 * Runs frames whose order their caller keeps: what Spring hands over for them runs at
	 * once, without a queue, unless it is held back.
	 */
	@Override
	public void handle(Runnable frames) {
		this.delegate.execute(() -> inOrder(frames));
	}

	@Override
	public boolean defer(Runnable next) {
		Ordered now = current();
		SessionLane lane = (now != null) ? now.heldIn : null;
		if (now == null || lane == null) {
			return false;
		}
		now.heldIn = null;
		return lane.addLast(() -> insist(() -> inOrder(next)));
	}

	@Override
	public void execute(Runnable task) {
		Ordered now = current();
		String session = SendGate.session(task);
		if (now != null && task instanceof MessageHandlingRunnable handling) {
			if (session == null || (!this.lanes.containsKey(session) && !now.isHeld(handling))) {
				contained(task);
			}
			else {
				// The caller stops reading after this WebSocket message: that is the
				// bound.
				now.heldIn = add(session, task, false);
			}
		}
		else if (session == null) {
			this.delegate.execute(task);
		}
		else {
			// A session ends once, whatever waits.
			add(session, task, !SendGate.isEnd(task));
		}
	}

	/**
	 * Whether the calling thread may handle the session's next frame by itself: its
	 * caller keeps the order, and nothing of the session waits.
	 */
	boolean isNext(String session) {
		return current() != null && !this.lanes.containsKey(session);
	}

	boolean isHeld(Runnable task) {
		return this.gate != null && this.gate.holds(task);
	}

	/** Runs the lane again when its next task is not held any more. */
	void resumeWhenOpen(SessionLane lane) {
		if (this.gate != null) {
			this.gate.whenOpen(lane.session(), () -> insist(lane));
		}
	}

	void ended(SessionLane lane) {
		this.lanes.remove(lane.session(), lane);
	}

	/**
	 * Gives the task to the channel's executor, again until it is taken, unless the
	 * executor has been shut down.
	 */
	void insist(Runnable task) {
		AtomicBoolean begun = new AtomicBoolean();
		attempt(() -> {
			// An executor that throws may have taken the task all the same.
			if (begun.compareAndSet(false, true)) {
				task.run();
			}
		});
	}

	/** As on another thread: a handler's failure is not the sender's. */
	static void contained(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			log(ex);
		}
	}

	private SessionLane add(String session, Runnable task, boolean wait) {
		while (true) {
			SessionLane lane = this.lanes.computeIfAbsent(session, (id) -> new SessionLane(this, id, this.bound));
			if (lane.add(task, wait)) {
				return lane;
			}
		}
	}

	/** The calling thread's run of frames that came through this executor, or null. */
	private @Nullable Ordered current() {
		Ordered now = ordered.get();
		return (now != null && now.executor == this) ? now : null;
	}

	private void inOrder(Runnable frames) {
		ordered.set(new Ordered(this));
		try {
			frames.run();
		}
		finally {
			ordered.remove();
		}
	}

	private void attempt(Runnable task) {
		try {
			this.delegate.execute(task);
		}
		catch (Throwable ex) {
			if (!isShutDown()) {
				this.retries.after(RETRY, () -> attempt(task));
			}
		}
	}

	private boolean isShutDown() {
		if (this.delegate instanceof ThreadPoolTaskExecutor pool) {
			return pool.getThreadPoolExecutor().isShutdown();
		}
		return this.delegate instanceof ExecutorService pool && pool.isShutdown();
	}

	private static void log(Throwable failure) {
		try {
			Incident.error(logger, "A handler of the inbound channel failed", failure);
		}
		catch (Throwable ex) {
			// Out of memory, perhaps: the session must go on all the same.
		}
	}

	/** A run of frames whose caller keeps the order. */
	private static final class Ordered {

		final SessionOrderedExecutor executor;

		/** Where what they led to is held; null when nothing is. */
		@Nullable SessionLane heldIn;

		/** The latest SEND that is not held. */
		private @Nullable Message<?> open;

		Ordered(SessionOrderedExecutor executor) {
			this.executor = executor;
		}

		/** A SEND that is not held for its first handler is held for none. */
		boolean isHeld(MessageHandlingRunnable task) {
			Message<?> message = task.getMessage();
			if (message == this.open) {
				return false;
			}
			boolean held = this.executor.isHeld(task);
			if (!held && SendGate.isSend(task)) {
				this.open = message;
			}
			return held;
		}

	}

}

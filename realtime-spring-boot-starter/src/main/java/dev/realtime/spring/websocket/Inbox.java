package dev.realtime.spring.websocket;

import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.spring.Incident;
import dev.realtime.spring.stomp.InboundExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What came from one client and Spring has not handled yet: handled one after the other,
 * on threads that may block. When more steps or more bytes wait than allowed, the socket
 * is no longer read. A client that sends faster than it is served has to wait, and no
 * other one has.
 * <p>
 * Added to by one thread at a time; takes no memory while it is empty.
 */
public final class Inbox implements Runnable {

	/**
	 * Before the thread is given to another client: among a thousand clients that send as
	 * fast as they can, another one waits for some of the frames of each.
	 */
	private static final int STEPS_IN_A_ROW = 8;

	/** After this the executor, which took nothing, is asked again. */
	private static final int RETRY_MILLIS = 100;

	private static final Logger logger = LoggerFactory.getLogger(Inbox.class);

	private final ClientSocket socket;

	private final InboundExecutor executor;

	private final int maxSteps;

	private final long maxBytes;

	@GuardedBy("this")
	private @Nullable ArrayDeque<Step> waiting;

	@GuardedBy("this")
	private long waitingBytes;

	@GuardedBy("this")
	private boolean paused;

	/**
	 * An empty inbox.
	 * @param socket where it comes from
	 * @param maxSteps how many steps may wait
	 * @param maxBytes how many bytes may wait, in steps beside the first one
	 */
	public Inbox(ClientSocket socket, InboundExecutor executor, int maxSteps, long maxBytes) {
		this.socket = socket;
		this.executor = executor;
		this.maxSteps = maxSteps;
		this.maxBytes = maxBytes;
	}

	/** Adds what is to be done next; does not block. */
	public void add(Step step) {
		synchronized (this) {
			this.waitingBytes += step.bytes();
			if (this.waiting != null) {
				this.waiting.add(step);
				if (!this.paused && (this.waiting.size() >= this.maxSteps || this.waitingBytes >= this.maxBytes)) {
					this.paused = true;
					this.socket.stopReading();
				}
				return;
			}
			this.waiting = new ArrayDeque<>(2);
			this.waiting.add(step);
		}
		start();
	}

	/** Whether the socket is not read now. */
	synchronized boolean isFull() {
		return this.paused;
	}

	@Override
	public void run() {
		for (int i = 0; i < STEPS_IN_A_ROW; i++) {
			Step step = next();
			if (step == null) {
				return;
			}
			try {
				step.run();
			}
			catch (Throwable ex) {
				failed(ex);
			}
			if (this.executor.defer(this)) {
				return;
			}
		}
		start();
	}

	private synchronized @Nullable Step next() {
		if (this.waiting == null) {
			return null;
		}
		Step step = this.waiting.poll();
		if (step == null) {
			this.waiting = null;
			return null;
		}
		this.waitingBytes -= step.bytes();
		if (this.paused && this.waiting.size() <= this.maxSteps / 2 && this.waitingBytes <= this.maxBytes / 2) {
			this.paused = false;
			this.socket.startReading();
		}
		return step;
	}

	private void start() {
		try {
			this.executor.handle(this);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The application is shutting down, or accepts no more frames now", ex);
			this.socket.refused();
			startLater();
		}
		catch (Throwable ex) {
			failed(ex);
			startLater();
		}
	}

	/**
	 * Closes this one connection; what it sent before, and its end, are still handled.
	 */
	private void failed(Throwable failure) {
		try {
			this.socket.abort();
			Incident.warn(logger, "A client's frame could not be handled; its connection is closed", failure);
		}
		catch (Throwable ex) {
			// Out of memory, perhaps: the other frames must be handled all the same.
		}
	}

	/** What is left includes the session's end, which the application must hear of. */
	private void startLater() {
		this.socket.later(this::start, RETRY_MILLIS);
	}

	/** One thing to be done for the client. */
	@FunctionalInterface
	public interface Step {

		void run() throws Exception;

		/** Returns how many bytes of the client's it holds. */
		default int bytes() {
			return 0;
		}

	}

}

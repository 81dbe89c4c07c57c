package dev.realtime.spring.stomp;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.connection.CloseReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketSession;

/**
 * The threads that may block on the container's sockets: to close them, and to write
 * where the container's session can only block.
 * <p>
 * A blocking write to a client that does not read keeps its thread until the container
 * gives up, so a fixed number of threads would let so many clients stop all others.
 * Therefore each thread that is stuck is replaced by another one. The number of
 * connections that write in this way is bounded, and with it the number of threads.
 * <p>
 * Closing is separate from writing, and closing a connection whose client does not read
 * is separate from closing others, because the close frame waits behind what is being
 * written.
 */
final class SocketThreads implements AutoCloseable {

	/** Threads of each kind, apart from those that replace stuck ones. */
	static final int THREADS = 32;

	/** After how long a write counts as stuck. */
	private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

	/** How often threads are counted at most. */
	private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private static final int CLOSE_SECONDS = 5;

	private static final Logger logger = LoggerFactory.getLogger(SocketThreads.class);

	private final int mostBlocking;

	private final ThreadPoolExecutor writers = pool("realtime-writer-");

	private final ThreadPoolExecutor closers = pool("realtime-closer-");

	private final ThreadPoolExecutor stuckClosers = pool("realtime-stuck-closer-");

	/** Since when each thread has been in a write. */
	private final Map<Thread, Long> writing = new ConcurrentHashMap<>();

	private final AtomicInteger blocking = new AtomicInteger();

	private final AtomicLong lookedNanos = new AtomicLong(System.nanoTime());

	/**
	 * Starts no threads yet.
	 * @param mostBlocking how many connections may write by blocking
	 */
	SocketThreads(int mostBlocking) {
		this.mostBlocking = mostBlocking;
	}

	/**
	 * Admits a connection whose writes block, until {@link #left} is called.
	 * @return false if there are as many as there may be; writes that are still stuck
	 * count even if their connections have left
	 */
	boolean admit() {
		if (this.blocking.incrementAndGet() + stuck(System.nanoTime()) <= this.mostBlocking) {
			return true;
		}
		left();
		return false;
	}

	void left() {
		this.blocking.decrementAndGet();
	}

	/**
	 * Runs what writes to a socket and may block.
	 * @throws RejectedExecutionException when the application ends
	 */
	void write(Runnable write) {
		this.writers.execute(() -> {
			Thread thread = Thread.currentThread();
			this.writing.put(thread, System.nanoTime());
			try {
				write.run();
			}
			finally {
				this.writing.remove(thread);
			}
		});
		replaceStuckThreads();
	}

	/**
	 * Allows two threads more for each one that is stuck, because what waits for a thread
	 * may become stuck as well. Called about once a second for each connection, and
	 * whenever something is to be written.
	 */
	void replaceStuckThreads() {
		if (this.writers.getQueue().isEmpty() && this.writers.getCorePoolSize() == THREADS) {
			return;
		}
		long now = System.nanoTime();
		long before = this.lookedNanos.get();
		if (now - before >= LOOK_NANOS && this.lookedNanos.compareAndSet(before, now)) {
			resize(THREADS + Math.min(2 * stuck(now), this.mostBlocking));
		}
	}

	/**
	 * Closes a session, at some time.
	 * @param stuck whether something is being written to it
	 */
	void close(WebSocketSession session, CloseReason reason, boolean stuck) {
		try {
			(stuck ? this.stuckClosers : this.closers).execute(() -> closeNow(session, reason));
		}
		catch (RejectedExecutionException ex) {
			logger.debug("Session {} is left to the container, which is shutting down", session.getId(), ex);
		}
	}

	/** Closes a session; may block for as long as the container does. */
	static void closeNow(WebSocketSession session, CloseReason reason) {
		try {
			session.close(new CloseStatus(reason.code(), reason.text()));
		}
		catch (Throwable ex) {
			logger.debug("Session {} was closed already", session.getId(), ex);
		}
	}

	/** Lets closing go on for up to 5 s. */
	@Override
	public void close() {
		this.closers.shutdown();
		this.writers.shutdownNow();
		this.stuckClosers.shutdownNow();
		try {
			boolean ended = this.closers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
			logger.debug("All sessions are closed: {}", ended);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.closers.shutdownNow();
	}

	/** How many threads there may be to write, those that are stuck included. */
	int writers() {
		return this.writers.getCorePoolSize();
	}

	private int stuck(long nowNanos) {
		int stuck = 0;
		for (long since : this.writing.values()) {
			stuck += (nowNanos - since > STUCK_NANOS) ? 1 : 0;
		}
		return stuck;
	}

	private synchronized void resize(int threads) {
		if (threads > this.writers.getCorePoolSize()) {
			this.writers.setMaximumPoolSize(threads);
			this.writers.setCorePoolSize(threads);
		}
		else if (threads < this.writers.getCorePoolSize()) {
			this.writers.setCorePoolSize(threads);
			this.writers.setMaximumPoolSize(threads);
		}
	}

	private static ThreadPoolExecutor pool(String name) {
		CustomizableThreadFactory factory = new CustomizableThreadFactory(name);
		factory.setDaemon(true);
		ThreadPoolExecutor pool = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), factory);
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

}

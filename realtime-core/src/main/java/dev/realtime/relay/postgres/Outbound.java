package dev.realtime.relay.postgres;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.log.jdbc.JdbcRanges;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node has to tell the others. One NOTIFY takes all that waits, and the next
 * one follows after the interval at the earliest: each NOTIFY's commit waits for the
 * commits of all others in the database, so few are cheap and one for each message is
 * not. Of each topic only the range of numbers waits, however many there are.
 * <p>
 * Sent on the connections of the pool, never in a transaction of a publisher's. Safe for
 * any number of threads; nothing but {@link #close} blocks.
 */
final class Outbound {

	private static final Logger logger = LoggerFactory.getLogger(Outbound.class);

	/** Most topics with numbers that wait. */
	static final int MAX_TOPICS = 50_000;

	/** About how many characters of signals may wait. */
	static final int MAX_SIGNALS = 4 << 20;

	/** About how many characters one batch has, beside its last entry. */
	private static final int BATCH = 256 << 10;

	private static final Duration CLOSING = Duration.ofSeconds(1);

	private final JdbcDatabase database;

	private final Notices notices;

	private final long intervalNanos;

	private final Loop loop;

	@GuardedBy("this")
	private final Map<Topic, JdbcRanges.Range> moved = new LinkedHashMap<>();

	@GuardedBy("this")
	private final Queue<String> signals = new ArrayDeque<>();

	@GuardedBy("this")
	private int signalSize;

	/** Whether a flush is scheduled or under way. */
	@GuardedBy("this")
	private boolean flushing;

	/** What those wait for whose entries wait. */
	@GuardedBy("this")
	private CompletableFuture<Void> next = new CompletableFuture<>();

	@GuardedBy("this")
	private boolean probe;

	/** Confined to the loop. */
	private long lastNanos;

	Outbound(JdbcDatabase database, Notices notices, Duration interval, Loop loop) {
		this.database = database;
		this.notices = notices;
		this.intervalNanos = interval.toNanos();
		this.loop = loop;
		this.lastNanos = loop.environment().nanoTime() - TimeUnit.DAYS.toNanos(1);
	}

	/** Completes when the other nodes' notice has been committed. */
	synchronized CompletionStage<Void> moved(TopicMessage message) {
		Topic topic = message.topic();
		JdbcRanges.Range known = this.moved.get(topic);
		long seq = message.seq();
		String epoch = message.position().epoch();
		if (known == null || !known.epoch().equals(epoch)) {
			if (known == null && this.moved.size() >= MAX_TOPICS) {
				return CompletableFuture.failedFuture(new RejectedExecutionException(
						MAX_TOPICS + " topics already wait to be announced, which is the most allowed"));
			}
			this.moved.put(topic, new JdbcRanges.Range(topic, epoch, seq, seq));
		}
		else if (seq < known.from() || seq > known.through()) {
			this.moved.put(topic,
					new JdbcRanges.Range(topic, epoch, Math.min(seq, known.from()), Math.max(seq, known.through())));
		}
		return soon();
	}

	/** Completes when the notice has been committed. */
	synchronized CompletionStage<Void> signal(Signal signal) {
		String line = new Entry.Told(signal).line();
		if (this.signalSize + line.length() > MAX_SIGNALS && !this.signals.isEmpty()) {
			return CompletableFuture.failedFuture(
					new RejectedExecutionException("Too many signals already wait to be sent; this one is dropped"));
		}
		this.signals.add(line);
		this.signalSize += line.length();
		return soon();
	}

	/** Sends something in any case, so that this node can hear it. */
	synchronized CompletionStage<Void> probe() {
		this.probe = true;
		return soon();
	}

	/** Sends what waits, if that is done within 1 s; idempotent. */
	void close() {
		boolean unused = this.loop.close(CLOSING);
		CompletableFuture<Void> left;
		synchronized (this) {
			left = this.next;
		}
		left.completeExceptionally(closed());
	}

	@GuardedBy("this")
	private CompletionStage<Void> soon() {
		CompletableFuture<Void> waiting = this.next;
		if (!this.flushing) {
			this.flushing = true;
			if (!this.loop.tryExecute(this::flush)) {
				waiting.completeExceptionally(closed());
			}
		}
		else if (this.loop.isClosed()) {
			waiting.completeExceptionally(closed());
		}
		return waiting;
	}

	/** On the loop. */
	private void flush() {
		long wait = this.lastNanos + this.intervalNanos - this.loop.environment().nanoTime();
		if (wait > 0 && !this.loop.isClosed()) {
			Loop.Delayed unused = this.loop.after(Duration.ofNanos(wait), this::flush);
			return;
		}
		this.lastNanos = this.loop.environment().nanoTime();
		StringBuilder text = new StringBuilder();
		CompletableFuture<Void> last = take(text);
		try {
			List<String> payloads = this.notices.payloads(text.toString());
			int sent = this.database.read((session) -> this.notices.send(session, payloads));
			logger.trace("{} payloads sent", sent);
			if (last != null) {
				last.complete(null);
			}
		}
		catch (Exception ex) {
			failed(last, ex);
		}
		catch (Error ex) {
			failed(last, ex);
			this.loop.failed(ex);
		}
		finally {
			goOn();
		}
	}

	private synchronized void goOn() {
		this.flushing = false;
		if (!this.moved.isEmpty() || !this.signals.isEmpty() || this.probe) {
			CompletionStage<Void> unused = soon();
		}
	}

	/** Nothing tells whose entries this batch had, so all who wait are told. */
	private void failed(@Nullable CompletableFuture<Void> last, Throwable failure) {
		CompletableFuture<Void> waiting = (last != null) ? last : others();
		waiting.completeExceptionally(failure);
	}

	private synchronized CompletableFuture<Void> others() {
		CompletableFuture<Void> waiting = this.next;
		this.next = new CompletableFuture<>();
		return waiting;
	}

	/**
	 * Takes a batch.
	 * @return those who wait, or null if more batches must follow before they are told
	 */
	private synchronized @Nullable CompletableFuture<Void> take(StringBuilder text) {
		this.probe = false;
		while (!this.signals.isEmpty() && text.length() < BATCH) {
			String line = this.signals.remove();
			this.signalSize -= line.length();
			text.append(line).append('\n');
		}
		Iterator<JdbcRanges.Range> ranges = this.moved.values().iterator();
		while (ranges.hasNext() && text.length() < BATCH) {
			text.append(new Entry.Moved(ranges.next()).line()).append('\n');
			ranges.remove();
		}
		return (this.signals.isEmpty() && this.moved.isEmpty()) ? others() : null;
	}

	private static IllegalStateException closed() {
		return new IllegalStateException("The relay is closed");
	}

}

package dev.realtime.log;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Position;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * A bound on what clients make a node read at once. So many reads are under way, so many
 * more wait in the order in which they came, and others are refused. What the node itself
 * reads, to repair what its subscribers lack, does not pass here, so it never waits for
 * strangers. Safe for any number of threads; does not block.
 */
public final class BoundedReads {

	private final int most;

	private final int mostWaiting;

	@GuardedBy("this")
	private final Queue<Waiting<?>> waiting = new ArrayDeque<>();

	@GuardedBy("this")
	private int underWay;

	/** A thread starts what waits. */
	@GuardedBy("this")
	private boolean starting;

	/**
	 * Makes a bound.
	 * @param most how many reads may be under way
	 * @param mostWaiting how many more may wait
	 */
	public BoundedReads(int most, int mostWaiting) {
		this.most = most;
		this.mostWaiting = mostWaiting;
	}

	/**
	 * Reads now or later.
	 * @param read starts the read, on this thread or one on which another read ended; its
	 * stage must end some time
	 * @return fails with a {@link RefusedException} if too many wait
	 */
	public <T> CompletionStage<T> run(Supplier<CompletionStage<T>> read) {
		Waiting<T> mine = new Waiting<>(read);
		synchronized (this) {
			if (this.underWay >= this.most && this.waiting.size() >= this.mostWaiting) {
				return CompletableFuture.failedStage(new RefusedException(this.mostWaiting));
			}
			this.waiting.add(mine);
		}
		start();
		return mine.answer;
	}

	/** A log whose reads pass here. */
	public TopicLog of(TopicLog log) {
		return new Log(log, this);
	}

	/** How many reads are under way now. */
	public synchronized int underWay() {
		return this.underWay;
	}

	/** How many reads wait now. */
	public synchronized int waiting() {
		return this.waiting.size();
	}

	/** Not recursive, although a read may end at once and make room for the next one. */
	private void start() {
		Waiting<?> next = next(true);
		while (next != null) {
			next.start(this::ended);
			next = next(false);
		}
	}

	private synchronized @Nullable Waiting<?> next(boolean begins) {
		if (begins && this.starting) {
			return null;
		}
		Waiting<?> next = (this.underWay < this.most) ? this.waiting.poll() : null;
		this.starting = next != null;
		this.underWay += (next != null) ? 1 : 0;
		return next;
	}

	private void ended() {
		synchronized (this) {
			this.underWay--;
		}
		start();
	}

	/** Too many reads wait already. */
	public static final class RefusedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		RefusedException(int waiting) {
			super(waiting + " reads of the log are already waiting, the most that realtime.limits.log-reads-waiting "
					+ "allows", null, false, false);
		}

	}

	private static final class Waiting<T> {

		private final Supplier<CompletionStage<T>> read;

		private final CompletableFuture<T> answer = new CompletableFuture<>();

		Waiting(Supplier<CompletionStage<T>> read) {
			this.read = read;
		}

		void start(Runnable ended) {
			try {
				CompletionStage<T> unused = this.read.get().whenComplete((found, failure) -> {
					ended.run();
					if (failure != null) {
						this.answer.completeExceptionally(failure);
					}
					else {
						this.answer.complete(found);
					}
				});
			}
			catch (Throwable ex) {
				ended.run();
				this.answer.completeExceptionally(ex);
			}
		}

	}

	private record Log(TopicLog log, BoundedReads reads) implements TopicLog {

		@Override
		public CompletionStage<List<Position>> heads(List<Topic> topics) {
			return this.reads.run(() -> this.log.heads(topics));
		}

		@Override
		public CompletionStage<List<Position>> peek(List<Topic> topics) {
			return this.reads.run(() -> this.log.peek(topics));
		}

		@Override
		public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
			return this.reads.run(() -> this.log.read(topic, after, limit));
		}

		@Override
		public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
			return this.reads.run(() -> this.log.readBefore(topic, before, limit));
		}

		@Override
		public TopicLog holding(Topic topic) {
			return new Log(this.log.holding(topic), this.reads);
		}

	}

}

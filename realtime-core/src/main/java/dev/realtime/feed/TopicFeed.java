package dev.realtime.feed;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.delivery.MissingRange;
import dev.realtime.delivery.Outlet;
import dev.realtime.delivery.Receiver;
import dev.realtime.journey.Hold;
import dev.realtime.log.LogPage;
import org.jspecify.annotations.Nullable;

/**
 * One topic on one node: passes what relay, log and timer bring to the topic's
 * {@link FeedMachine}, and does what that asks for. Each message is handed over once to
 * each shard that has an audience.
 * <p>
 * Relay threads, log threads and subscribers meet under one short lock. Nothing is called
 * under it that blocks or takes another lock: handing over to a shard only queues a task.
 * Because hand-overs happen under the lock, every shard sees the same order. Internal to
 * the engine.
 */
public final class TopicFeed {

	private final Feeds owner;

	private final Topic topic;

	private final Object lock = new Object();

	@GuardedBy("lock")
	private final FeedMachine machine = new FeedMachine(new Effects());

	@GuardedBy("lock")
	private final Outlet outlet;

	@GuardedBy("lock")
	private final WaitingSubscribers<Receiver, Receiver.Entry> waiting;

	/** Whether relay and log are to be asked once the lock is released. */
	@GuardedBy("lock")
	private boolean openDue;

	/** Where live starts, if the log has said so; the relay alone is asked then. */
	@GuardedBy("lock")
	private @Nullable Position knownStart;

	/** When the log was last read, in the environment's time. */
	@GuardedBy("lock")
	private long readNanos;

	/** Subscribers that keep the feed alive; guarded by the map of {@link TopicFeeds}. */
	int references;

	TopicFeed(Feeds owner, Topic topic) {
		this.owner = owner;
		this.topic = topic;
		this.waiting = new WaitingSubscribers<>(owner.clock.environment());
		this.outlet = owner.delivery.outlet(topic, this::releaseWhatIsDue);
	}

	/** What it brings. */
	public Topic topic() {
		return this.topic;
	}

	/**
	 * Asks the log where live starts, and subscribes to the relay; again until both have
	 * answered. What is published before the log has answered may be numbered before the
	 * start: a client that must get what its next frame causes waits for all its feeds to
	 * be open. What is announced before the relay's subscription is in force is read from
	 * the log.
	 */
	void open() {
		synchronized (this.lock) {
			this.machine.open();
		}
		openIfDue();
	}

	/**
	 * Asks relay and log, without the lock: a relay may hold its own while it answers.
	 */
	private void openIfDue() {
		Position known;
		synchronized (this.lock) {
			if (!this.openDue) {
				return;
			}
			this.openDue = false;
			known = this.knownStart;
		}
		CompletionStage<Position> head = (known != null) ? CompletableFuture.completedFuture(known)
				: this.owner.calls.head(this.topic);
		this.owner.clock.listen(this.owner.calls.subscribe(this.topic), (nothing, failure) -> this.owner.clock
			.listen(head, (start, unknown) -> openAnswered(start, (failure != null) ? failure : unknown)));
	}

	void close() {
		synchronized (this.lock) {
			this.machine.close();
			this.waiting.removeAll();
		}
	}

	/** Whether the last read of the log has failed. */
	public boolean isBehind() {
		synchronized (this.lock) {
			return this.machine.isBehind();
		}
	}

	boolean isOpen() {
		synchronized (this.lock) {
			return this.machine.position() != null;
		}
	}

	/** How far the topic was delivered here; null before the feed is open. */
	public @Nullable Position position() {
		synchronized (this.lock) {
			return this.machine.position();
		}
	}

	/** How many subscribers wait for the feed to open. */
	public int waiting() {
		synchronized (this.lock) {
			return this.waiting.size();
		}
	}

	/**
	 * Lets the subscriber begin, now or when the feed is open. If it does not open within
	 * {@link FeedOptions#openTimeout()}, the subscriber is told.
	 */
	public void join(Receiver subscriber, Receiver.Entry entry) {
		synchronized (this.lock) {
			Position position = this.machine.position();
			if (subscriber.hasLeft()) {
				return;
			}
			if (position == null) {
				this.waiting.add(subscriber, entry);
				watchWaiting();
				return;
			}
			begin(subscriber, entry, position);
		}
	}

	@GuardedBy("lock")
	private void begin(Receiver subscriber, Receiver.Entry entry, Position position) {
		this.outlet.join(subscriber, entry, position);
		// Behind the task above: what waits for this finds that it has begun.
		subscriber.opened();
	}

	/** The subscriber is gone, or will be before it begins. */
	public void leave(Receiver subscriber) {
		synchronized (this.lock) {
			subscriber.leave();
			boolean unused = this.waiting.remove(subscriber);
			this.outlet.leave(subscriber);
			subscriber.opened();
		}
	}

	@GuardedBy("lock")
	private void watchWaiting() {
		Duration next = this.waiting.watch(this.owner.options.openTimeout());
		if (next != null) {
			this.owner.clock.after(next, this::closeExpired);
		}
	}

	private void closeExpired() {
		List<Receiver> expired;
		synchronized (this.lock) {
			expired = this.waiting.removeExpired(this.owner.options.openTimeout());
			watchWaiting();
		}
		expired.forEach(Receiver::unavailable);
	}

	void onMessage(TopicMessage message) {
		synchronized (this.lock) {
			this.machine.onMessage(message);
			Hold hold = message.content().hasJourney() ? this.machine.hold(message) : null;
			if (hold != null) {
				this.owner.delivery.journeys().held(message, hold);
			}
		}
	}

	/** The clock: what the topic's rate has held back is due. */
	private void releaseWhatIsDue() {
		synchronized (this.lock) {
			this.outlet.releaseWhatIsDue();
		}
	}

	/** Passes a signal by all order; nobody waits for it. */
	void onSignal(Signal signal) {
		synchronized (this.lock) {
			this.outlet.signal(signal);
		}
	}

	/** How many subscribers are live, or soon. */
	public int subscribers() {
		synchronized (this.lock) {
			return this.outlet.subscribers();
		}
	}

	/** Compares with the log's position; reads what is missing. */
	void onHead(Position head, RepairCause cause) {
		synchronized (this.lock) {
			this.machine.onHead(head, cause);
		}
	}

	/** Reads the log, because a recovery has seen what this feed has not. */
	public void check() {
		synchronized (this.lock) {
			this.machine.check(RepairCause.RECOVERY);
		}
	}

	private void openAnswered(@Nullable Position start, @Nullable Throwable failure) {
		if (start == null || failure != null) {
			Feeds.failedForNow(this.topic.toString(), failure);
		}
		synchronized (this.lock) {
			this.machine.onOpenAnswer(start, failure == null);
		}
	}

	private void readAnswered(@Nullable LogPage page, @Nullable Throwable failure) {
		if (page == null) {
			Feeds.failedForNow(this.topic.toString(), failure);
		}
		synchronized (this.lock) {
			if (page != null) {
				this.machine.onPage(page);
			}
			else {
				this.machine.onReadFailed();
			}
		}
	}

	private void onTimer(long timer) {
		synchronized (this.lock) {
			this.machine.onTimer(timer);
		}
		openIfDue();
	}

	/** What the machine asks for, under the feed's lock. */
	@SuppressWarnings("GuardedBy") // the machine is called under the lock alone
	private final class Effects implements FeedEffects {

		@Override
		public void open(@Nullable Position start) {
			TopicFeed.this.openDue = true;
			TopicFeed.this.knownStart = start;
		}

		@Override
		public void opened(Position start) {
			TopicFeed.this.waiting.removeAll().forEach((subscriber, entry) -> begin(subscriber, entry, start));
		}

		@Override
		public void deliver(TopicMessage message, Position previous) {
			if (message.content().hasJourney()) {
				ordered(message);
			}
			TopicFeed.this.outlet.deliver(message, previous);
		}

		private void ordered(TopicMessage message) {
			boolean read = TopicFeed.this.machine.state() instanceof FeedState.Reading;
			int failures = (TopicFeed.this.machine.state() instanceof FeedState.Reading reading) ? reading.failures()
					: 0;
			TopicFeed.this.owner.delivery.journeys().ordered(message, read, failures);
		}

		@Override
		public void moveTo(Position position) {
			TopicFeed.this.outlet.moveTo(position);
		}

		@Override
		public void missing(MissingRange range, Position last, LogPage.Lost page) {
			TopicFeed.this.owner.stats.gap(TopicFeed.this.topic, last, page);
			TopicFeed.this.outlet.missing(range);
		}

		@Override
		public void repaired(RepairCause cause, Position last, int messages) {
			TopicFeed.this.owner.stats.repaired(cause);
			RepairListener listener = TopicFeed.this.owner.stats.repairListener();
			if (listener != null) {
				long nanos = TopicFeed.this.owner.clock.environment().nanoTime() - TopicFeed.this.readNanos;
				boolean unused = TopicFeed.this.owner.clock
					.contain(() -> listener.repaired(TopicFeed.this.topic, cause, last, messages, nanos));
			}
		}

		@Override
		public void read(Position after) {
			TopicFeed.this.readNanos = TopicFeed.this.owner.clock.environment().nanoTime();
			TopicFeed.this.owner.clock.listen(TopicFeed.this.owner.calls.read(TopicFeed.this.topic, after,
					TopicFeed.this.owner.options.pageSize()), TopicFeed.this::readAnswered);
		}

		@Override
		public void wakeAfter(Duration delay, long timer) {
			TopicFeed.this.owner.clock.after(delay, () -> onTimer(timer));
		}

	}

}

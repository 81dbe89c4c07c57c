package dev.realtime.hub;

import java.util.List;
import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.log.LogPage;
import org.jspecify.annotations.Nullable;

/**
 * One topic on one node: puts what the relay brings in order, drops duplicates, fills
 * holes from the log, and hands each message once to each shard that has an audience.
 * <p>
 * Relay threads, log threads and subscribers meet under one short lock. Nothing is called
 * under it that blocks or takes another lock: handing over to a shard only queues a task.
 * Because hand-overs happen under the lock, every shard sees the same order.
 */
final class TopicFeed {

	private final Hub hub;

	private final Topic topic;

	private final Object lock = new Object();

	/** When the log is read; guarded by the lock, too. */
	private final LogReads reads;

	@GuardedBy("lock")
	private final Outlet outlet;

	/** What was handed over last; null until relay and log have answered. */
	@GuardedBy("lock")
	private @Nullable Position position;

	/** Where live starts: kept while the relay's subscription is tried again. */
	@GuardedBy("lock")
	private @Nullable CompletionStage<Position> start;

	@GuardedBy("lock")
	private final WaitingSubscribers<Subscriber, SubscribeRequest> waiting;

	/** Whether the clock looks after those that wait. */
	@GuardedBy("lock")
	private boolean clocked;

	@GuardedBy("lock")
	private final HeldMessages held = new HeldMessages();

	@GuardedBy("lock")
	private boolean closed;

	/** Subscribers that keep the feed alive; guarded by the hub's map. */
	int references;

	TopicFeed(Hub hub, Topic topic) {
		this.hub = hub;
		this.waiting = new WaitingSubscribers<>(hub.environment);
		this.topic = topic;
		this.reads = new LogReads(hub, this);
		this.outlet = new Outlet(hub, topic, this::releaseWhatIsDue);
	}

	Topic topic() {
		return this.topic;
	}

	/**
	 * Asks the log where live starts, and subscribes to the relay; again until both have
	 * answered. What is published before the log has answered may be numbered before the
	 * start: a client that must get what its next frame causes waits for
	 * {@link Connection#whenOpen}. What is announced before the relay's subscription is
	 * in force is read from the log.
	 */
	void open() {
		CompletionStage<Position> first = start();
		this.hub.listen(this.hub.calls.subscribe(this.topic).thenCombine(first, (subscribed, head) -> head),
				this::opened);
	}

	private CompletionStage<Position> start() {
		synchronized (this.lock) {
			CompletionStage<Position> known = this.start;
			if (known == null || known.toCompletableFuture().isCompletedExceptionally()) {
				known = this.hub.calls.head(this.topic);
				this.start = known;
			}
			return known;
		}
	}

	void close() {
		synchronized (this.lock) {
			this.closed = true;
			List<TopicMessage> unused = this.held.clear();
			this.waiting.removeAll();
		}
	}

	boolean isBehind() {
		synchronized (this.lock) {
			return this.reads.areBehind();
		}
	}

	boolean isOpen() {
		synchronized (this.lock) {
			return this.position != null;
		}
	}

	/** How many subscribers wait for the feed to open. */
	int waiting() {
		synchronized (this.lock) {
			return this.waiting.size();
		}
	}

	/**
	 * Lets the subscriber begin, now or when the feed is open. If it does not open within
	 * the hub's time limit, the connection is closed.
	 */
	void join(Subscriber subscriber, SubscribeRequest request) {
		synchronized (this.lock) {
			if (subscriber.cancelled) {
				return;
			}
			if (this.position == null) {
				this.waiting.add(subscriber, request);
				lookAfterThoseThatWait();
				return;
			}
			this.outlet.join(subscriber, request, this.position);
			// Behind the task above: what waits for this finds that it has begun.
			subscriber.opened();
		}
	}

	/** The subscriber is gone, or will be before it begins. */
	void leave(Subscriber subscriber) {
		synchronized (this.lock) {
			subscriber.cancelled = true;
			boolean unused = this.waiting.remove(subscriber);
			this.outlet.leave(subscriber);
			subscriber.opened();
		}
	}

	/** One task of the clock for the feed, however many wait. */
	@GuardedBy("lock")
	private void lookAfterThoseThatWait() {
		if (!this.clocked && !this.waiting.isEmpty()) {
			this.clocked = true;
			this.hub.later(this.waiting.left(this.hub.options.openTimeout()), this::giveUpThoseThatWaited);
		}
	}

	private void giveUpThoseThatWaited() {
		List<Subscriber> expired;
		synchronized (this.lock) {
			this.clocked = false;
			expired = this.waiting.removeThoseThatWaited(this.hub.options.openTimeout());
			lookAfterThoseThatWait();
		}
		expired.forEach((subscriber) -> subscriber.connection.close(CloseReason.UNAVAILABLE));
	}

	void onMessage(TopicMessage message) {
		synchronized (this.lock) {
			Position last = this.position;
			if (last == null) {
				this.held.hold(message);
			}
			else if (!message.position().sameEpoch(last)) {
				// A new life of the numbering, or a straggler of an old one: the log
				// knows.
				this.reads.want(this.position);
			}
			else if (message.seq() == last.seq() + 1 && !this.reads.areUnderWay()) {
				deliver(message, last);
				if (this.reads.isUnsettled()) {
					goOn();
				}
			}
			else if (message.seq() > last.seq()) {
				this.held.hold(message);
				if (!this.reads.isUnsettled()) {
					this.reads.want(this.position);
				}
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

	int subscribers() {
		synchronized (this.lock) {
			return this.outlet.subscribers();
		}
	}

	/** Compares with the log's position; reads what is missing. */
	void onHead(Position head) {
		synchronized (this.lock) {
			Position last = this.position;
			if (last != null && (!head.sameEpoch(last) || head.seq() > last.seq())) {
				this.reads.want(this.position);
			}
		}
	}

	/** Reads the log, whatever is known. */
	void check() {
		synchronized (this.lock) {
			if (this.position != null) {
				this.reads.want(this.position);
			}
		}
	}

	private void opened(@Nullable Position head, @Nullable Throwable failure) {
		synchronized (this.lock) {
			if (this.closed) {
				return;
			}
			if (head == null) {
				this.hub.failedForNow(this.topic.toString(), failure);
				this.hub.later(this.reads.delay(), this::reopen);
				return;
			}
			this.reads.succeeded();
			this.position = head;
			this.start = null;
			List<TopicMessage> early = this.held.clear();
			this.waiting.removeAll().forEach(this::join);
			early.forEach(this::onMessage);
			this.reads.want(this.position);
		}
	}

	private void reopen() {
		synchronized (this.lock) {
			if (this.closed) {
				return;
			}
		}
		open();
	}

	@GuardedBy("lock")
	private void deliver(TopicMessage message, Position last) {
		this.position = message.position();
		this.outlet.deliver(message, last);
	}

	@GuardedBy("lock")
	private void moveTo(Position position) {
		this.position = position;
		this.outlet.moveTo(position);
	}

	/** The log has answered, or failed to. */
	void onPage(@Nullable LogPage page, @Nullable Throwable failure) {
		synchronized (this.lock) {
			Position last = this.position;
			if (this.closed || last == null) {
				this.reads.end();
				return;
			}
			try {
				boolean more = true;
				if (page instanceof LogPage.Found found) {
					more = !fill(found, last);
				}
				else if (page instanceof LogPage.Lost lost) {
					accept(lost, last);
				}
				else {
					this.hub.failedForNow(this.topic.toString(), failure);
					this.reads.failed();
					return;
				}
				this.reads.delivered(!last.equals(this.position), more, this.position);
			}
			catch (Throwable ex) {
				// The next message, or the next comparison, makes it read again.
				this.reads.end();
				throw ex;
			}
		}
	}

	/** The missing message came by itself: what is held may follow it. */
	@GuardedBy("lock")
	private void goOn() {
		this.reads.settled();
		if (!deliverHeld()) {
			this.reads.want(this.position);
		}
	}

	void readAgain() {
		synchronized (this.lock) {
			if (!this.closed) {
				this.reads.again(this.position);
			}
		}
	}

	/** The clock: so many reads brought nothing. */
	void readUnlessSettled(int read) {
		synchronized (this.lock) {
			if (!this.closed && this.reads.isStillUnsettled(read)) {
				this.reads.want(this.position);
			}
		}
	}

	/** Delivers what was missing, then what was held behind it. */
	@GuardedBy("lock")
	private boolean fill(LogPage.Found page, Position first) {
		Position last = first;
		for (TopicMessage message : page.messages()) {
			if (message.seq() > last.seq()) {
				deliver(message, last);
				last = message.position();
			}
		}
		if (!last.equals(first)) {
			this.hub.stats.repairs.increment();
		}
		if (page.through().seq() > last.seq()) {
			moveTo(page.through());
		}
		return deliverHeld() && !page.hasMore();
	}

	/**
	 * Delivers what is held right behind the position; answers whether nothing further is
	 * known of then.
	 */
	@GuardedBy("lock")
	private boolean deliverHeld() {
		Position last = this.position;
		if (last == null) {
			return true;
		}
		for (TopicMessage next = this.held.take(last.seq() + 1); next != null; next = this.held.take(last.seq() + 1)) {
			deliver(next, last);
			last = next.position();
		}
		return !this.held.hasAbove(last.seq());
	}

	/** Announces what cannot be had, and goes on behind it. */
	@GuardedBy("lock")
	private void accept(LogPage.Lost page, Position last) {
		Position next;
		long from;
		if (page.head().sameEpoch(last) && page.reason() == LogPage.Reason.EXPIRED) {
			from = last.seq() + 1;
			next = last.withSeq(Math.max(last.seq(), page.first() - 1));
			if (next.seq() < from) {
				return;
			}
		}
		else {
			from = 1;
			next = page.head().sameEpoch(last) ? page.head() : page.head().withSeq(0);
			List<TopicMessage> unused = this.held.clear();
		}
		this.hub.stats.gaps.increment();
		this.hub.stats.logGap(this.topic, last, page);
		this.position = next;
		this.outlet.missing(new Step.Missing(next.epoch(), from, next.seq(),
				next.sameEpoch(last) ? Gap.EXPIRED : Gap.EPOCH_CHANGED));
	}

}

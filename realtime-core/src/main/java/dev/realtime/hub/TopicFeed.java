package dev.realtime.hub;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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

	/** Messages held behind a hole; more are read from the log again. */
	private static final int MAX_HELD = 256;

	private final Hub hub;

	private final Topic topic;

	private final Audience[] audiences;

	private final Object lock = new Object();

	/** When the log is read; guarded by the lock, too. */
	private final LogReads reads;

	/** How many subscribers each shard has. */
	@GuardedBy("lock")
	private final int[] joined;

	/** What was handed over last; null until relay and log have answered. */
	@GuardedBy("lock")
	private @Nullable Position position;

	/** Where live starts: kept while the relay's subscription is tried again. */
	@GuardedBy("lock")
	private @Nullable CompletionStage<Position> start;

	@GuardedBy("lock")
	private List<Runnable> waiting = new ArrayList<>();

	@GuardedBy("lock")
	private final TreeMap<Long, TopicMessage> held = new TreeMap<>();

	@GuardedBy("lock")
	private boolean closed;

	/** Subscribers that keep the feed alive; guarded by the hub's map. */
	int references;

	TopicFeed(Hub hub, Topic topic) {
		this.hub = hub;
		this.topic = topic;
		this.reads = new LogReads(hub, this);
		this.audiences = hub.shards().stream().map((shard) -> new Audience(hub, shard)).toArray(Audience[]::new);
		this.joined = new int[this.audiences.length];
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
		this.hub.listen(this.hub.broker.subscribe(this.topic).thenCombine(first, (subscribed, head) -> head),
				this::opened);
	}

	private CompletionStage<Position> start() {
		synchronized (this.lock) {
			CompletionStage<Position> known = this.start;
			if (known == null || known.toCompletableFuture().isCompletedExceptionally()) {
				known = this.hub.broker.log().heads(List.of(this.topic)).thenApply((heads) -> heads.get(0));
				this.start = known;
			}
			return known;
		}
	}

	void close() {
		synchronized (this.lock) {
			this.closed = true;
			this.held.clear();
			this.waiting = new ArrayList<>();
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

	/** Lets the subscriber begin, now or when the feed is open. */
	void join(Subscriber subscriber, SubscribeRequest request) {
		synchronized (this.lock) {
			if (this.position == null) {
				this.waiting.add(() -> join(subscriber, request));
				return;
			}
			if (subscriber.cancelled) {
				return;
			}
			subscriber.joined = true;
			Position head = this.position;
			int shard = subscriber.connection.shard.index;
			this.joined[shard]++;
			Audience audience = this.audiences[shard];
			audience.shard.execute(() -> {
				audience.moveTo(head);
				subscriber.begin(request, audience);
			});
			// Behind the task above: what waits for this finds that it has begun.
			subscriber.opened();
		}
	}

	/** The subscriber is gone, or will be before it begins. */
	void leave(Subscriber subscriber) {
		synchronized (this.lock) {
			subscriber.cancelled = true;
			subscriber.opened();
			if (subscriber.joined) {
				subscriber.joined = false;
				this.joined[subscriber.connection.shard.index]--;
			}
		}
	}

	void onMessage(TopicMessage message) {
		synchronized (this.lock) {
			Position last = this.position;
			if (last == null) {
				hold(message);
			}
			else if (!message.position().sameEpoch(last)) {
				// A new life of the numbering, or a straggler of an old one: the log
				// knows.
				this.reads.want(this.position);
			}
			else if (message.seq() == last.seq() + 1 && !this.reads.areUnderWay()) {
				deliver(message);
				if (this.reads.isUnsettled()) {
					goOn(message.seq());
				}
			}
			else if (message.seq() > last.seq()) {
				hold(message);
				if (!this.reads.isUnsettled()) {
					this.reads.want(this.position);
				}
			}
		}
	}

	/** Passes a signal by all order; nobody waits for it. */
	void onSignal(Signal signal) {
		synchronized (this.lock) {
			EncodedSignal encoded = new EncodedSignal(signal, this.hub.encoder);
			handOver((audience) -> audience.signal(encoded));
		}
	}

	int subscribers() {
		synchronized (this.lock) {
			return Arrays.stream(this.joined).sum();
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
				this.hub.logReadFailed(this.topic, failure);
				this.hub.later(this.reads.delay(), this::reopen);
				return;
			}
			this.reads.succeeded();
			this.position = head;
			this.start = null;
			List<TopicMessage> early = List.copyOf(this.held.values());
			this.held.clear();
			List<Runnable> ready = this.waiting;
			this.waiting = new ArrayList<>();
			ready.forEach(Runnable::run);
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
	private void deliver(TopicMessage message) {
		this.position = message.position();
		EncodedMessage encoded = new EncodedMessage(message, this.hub.encoder);
		handOver((audience) -> audience.deliver(encoded));
	}

	@GuardedBy("lock")
	private void moveTo(Position position) {
		this.position = position;
		handOver((audience) -> audience.moveTo(position));
	}

	/** One task for each shard that has an audience. */
	@GuardedBy("lock")
	private void handOver(java.util.function.Consumer<Audience> step) {
		for (int i = 0; i < this.audiences.length; i++) {
			if (this.joined[i] > 0) {
				Audience audience = this.audiences[i];
				audience.shard.execute(() -> step.accept(audience));
			}
		}
	}

	@GuardedBy("lock")
	private void hold(TopicMessage message) {
		this.held.put(message.seq(), message);
		if (this.held.size() > MAX_HELD) {
			this.held.pollLastEntry();
			this.reads.dropped();
		}
	}

	/** The log has answered, or failed to. */
	void onPage(@Nullable LogPage page, @Nullable Throwable failure) {
		synchronized (this.lock) {
			Position last = this.position;
			if (this.closed || last == null) {
				this.reads.end();
				return;
			}
			boolean more = true;
			if (page instanceof LogPage.Found found) {
				more = !fill(found, last);
			}
			else if (page instanceof LogPage.Lost lost) {
				accept(lost, last);
			}
			else {
				this.hub.logReadFailed(this.topic, failure);
				this.reads.failed();
				return;
			}
			this.reads.delivered(!last.equals(this.position), more, this.position);
		}
	}

	/** The missing message came by itself: what is held may follow it. */
	@GuardedBy("lock")
	private void goOn(long delivered) {
		this.reads.settled();
		if (!deliverHeld(delivered) || this.reads.hasDropped()) {
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

	/** The clock: so many reads were in vain. */
	void readUnlessSettled(int read) {
		synchronized (this.lock) {
			if (!this.closed && this.reads.isStillUnsettled(read)) {
				this.reads.want(this.position);
			}
		}
	}

	/** Delivers what was missing, then what was held behind it. */
	@GuardedBy("lock")
	private boolean fill(LogPage.Found page, Position last) {
		long seq = last.seq();
		boolean filled = false;
		for (TopicMessage message : page.messages()) {
			if (message.seq() > seq) {
				deliver(message);
				seq = message.seq();
				filled = true;
			}
		}
		if (page.through().seq() > seq) {
			seq = page.through().seq();
			moveTo(page.through());
		}
		if (filled) {
			this.hub.stats.repairs.increment();
		}
		return deliverHeld(seq) && !page.hasMore();
	}

	/**
	 * Delivers what is held right behind a number; answers whether nothing is left then.
	 */
	@GuardedBy("lock")
	private boolean deliverHeld(long delivered) {
		long seq = delivered;
		for (Map.Entry<Long, TopicMessage> next = this.held.pollFirstEntry(); next != null; next = this.held
			.pollFirstEntry()) {
			if (next.getKey() == seq + 1) {
				deliver(next.getValue());
				seq++;
			}
			else if (next.getKey() > seq) {
				this.held.put(next.getKey(), next.getValue());
				return false;
			}
		}
		return true;
	}

	/** Announces what cannot be had, and goes on behind it. */
	@GuardedBy("lock")
	private void accept(LogPage.Lost page, Position last) {
		this.hub.stats.gaps.increment();
		this.hub.logGap(this.topic, last, page);
		Position next;
		long from;
		if (page.head().sameEpoch(last) && page.reason() == LogPage.Reason.EXPIRED) {
			from = last.seq() + 1;
			next = last.withSeq(Math.max(last.seq(), page.first() - 1));
		}
		else {
			from = 1;
			next = page.head().sameEpoch(last) ? page.head() : page.head().withSeq(0);
			this.held.clear();
		}
		this.position = next;
		handOver((audience) -> audience.gap(next.epoch(), from, next.seq(),
				next.sameEpoch(last) ? Gap.EXPIRED : Gap.EPOCH_CHANGED));
	}

}

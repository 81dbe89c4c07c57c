package dev.realtime.hub;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: its queue, its subscriptions, its heartbeats. Public methods
 * may be called by any thread and never block; they hand over to the connection's shard,
 * in the order of the calls.
 */
public final class Connection {

	/** How long a connection that is to be closed may take for what waits. */
	private static final long CLOSING_NANOS = TimeUnit.SECONDS.toNanos(2);

	final Hub hub;

	final DeliveryShard shard;

	final OutboundQueue queue;

	private final String id;

	private final Transport transport;

	@GuardedBy("subscribers")
	private final Map<String, Subscriber> subscribers = new HashMap<>(4);

	private volatile @Nullable String user;

	private volatile boolean controlEvents;

	private volatile boolean gone;

	private volatile long lastReadNanos = System.nanoTime();

	private volatile long sendEveryNanos;

	private volatile long expectEveryNanos;

	// Confined to the shard from here on.

	/** How many of its subscriptions recover now. */
	int replays;

	private boolean dirty;

	private boolean writing;

	private boolean closed;

	/** Why it will be closed once what waits is written; nothing is queued any more. */
	private @Nullable CloseReason closing;

	private long closingSinceNanos;

	private long lastWriteNanos = System.nanoTime();

	Connection(Hub hub, DeliveryShard shard, String id, Transport transport) {
		this.hub = hub;
		this.shard = shard;
		this.id = id;
		this.transport = transport;
		this.queue = new OutboundQueue(hub.options.queueMessages(), hub.options.queueBytes(), hub.stats.queuedBytes);
	}

	/** The session's id, unique on this node. */
	public String id() {
		return this.id;
	}

	/** Who it is, or null while unknown. */
	public @Nullable String user() {
		return this.user;
	}

	/** Whether the client asked for control events. */
	public boolean wantsControlEvents() {
		return this.controlEvents;
	}

	/** Whether it is closed or about to be. */
	public boolean isGone() {
		return this.gone;
	}

	/**
	 * The client has introduced itself.
	 * @param user its name, or null for nobody known
	 * @param controlEvents whether it understands control events
	 * @param sendEvery send a sign of life when nothing else was written for so long;
	 * zero for never
	 * @param expectEvery the client promised one so often; zero for none
	 */
	public void introduce(@Nullable String user, boolean controlEvents, Duration sendEvery, Duration expectEvery) {
		this.user = user;
		this.controlEvents = controlEvents;
		this.sendEveryNanos = sendEvery.toNanos();
		this.expectEveryNanos = expectEvery.toNanos();
	}

	/** Something came from the client: it is alive. */
	public void wasRead() {
		this.lastReadNanos = System.nanoTime();
	}

	/** Queues a frame that is not a topic's message; when it does not fit, closes. */
	public void send(Frame frame) {
		this.shard.execute(() -> enqueueUnowned(frame));
	}

	/**
	 * Queues a control event, if the client asked for those.
	 * @return whether it did
	 */
	public boolean sendControl(byte[] event) {
		if (this.controlEvents) {
			send(Frame.of(event));
		}
		return this.controlEvents;
	}

	/**
	 * Subscribes. The receipt, then replayed messages, then live ones go through the
	 * queue.
	 * @throws SubscribeException when the id is in use or a limit is reached
	 */
	public Subscriber subscribe(SubscribeRequest request) {
		return this.hub.subscribe(this, request);
	}

	/** Ends a subscription; no message of it is queued afterwards. */
	public boolean unsubscribe(String subscriptionId) {
		Subscriber subscriber;
		synchronized (this.subscribers) {
			subscriber = this.subscribers.remove(subscriptionId);
		}
		if (subscriber != null) {
			this.hub.unsubscribe(subscriber);
		}
		return subscriber != null;
	}

	/** Ends all subscriptions. */
	public void unsubscribeAll() {
		snapshot().forEach((subscriber) -> unsubscribe(subscriber.id));
	}

	/** Whether any subscription of this connection is on the topic. */
	public boolean isSubscribedTo(Topic topic) {
		synchronized (this.subscribers) {
			return this.subscribers.values().stream().anyMatch((each) -> each.topic().equals(topic));
		}
	}

	/**
	 * Writes what waits already, for at most 2 s, then says why, closes the socket and
	 * ends all subscriptions; idempotent.
	 */
	public void close(CloseReason reason) {
		this.gone = true;
		this.shard.execute(() -> closeAfterQueue(reason));
	}

	/** The socket is closed: ends all subscriptions; idempotent. */
	public void closed() {
		this.gone = true;
		this.shard.execute(this::discard);
	}

	void add(Subscriber subscriber) {
		synchronized (this.subscribers) {
			if (this.gone) {
				throw new SubscribeException("closed", "The connection is closed");
			}
			if (this.subscribers.containsKey(subscriber.id)) {
				throw new SubscribeException("duplicate-id", "Subscription id \"" + subscriber.id
						+ "\" is in use on this connection; UNSUBSCRIBE it first or use another id");
			}
			int most = this.hub.options.maxSubscriptions();
			if (this.subscribers.size() >= most) {
				throw new SubscribeException("too-many-subscriptions",
						"A connection has at most " + most + " subscriptions");
			}
			this.subscribers.put(subscriber.id, subscriber);
		}
	}

	// What follows is confined to the shard.

	void enqueue(TopicMessage message, Frame frame, Subscriber owner) {
		if (isEnding()) {
			return;
		}
		ChannelFallback fallback = this.hub.fallback;
		if (fallback != null) {
			fallback.send(message, owner);
			return;
		}
		this.queue.add(frame, owner);
		markDirty();
	}

	void control(Function<FrameEncoder, byte[]> event) {
		if (this.controlEvents) {
			enqueueUnowned(Frame.of(event.apply(this.hub.encoder)));
		}
	}

	void enqueueUnowned(Frame frame) {
		if (isEnding()) {
			return;
		}
		if (!this.queue.hasRoom(frame.size())) {
			overflow();
			return;
		}
		this.queue.add(frame, null);
		markDirty();
	}

	void overflow() {
		if (!isEnding()) {
			this.hub.stats.overflows.increment();
			closeNow(CloseReason.OVERFLOW);
		}
	}

	void markDirty() {
		if (!this.dirty) {
			this.dirty = true;
			this.shard.dirty(this);
		}
	}

	boolean hasRoomForReplay() {
		return !this.closed && this.queue.isHalfEmpty();
	}

	void flush() {
		this.dirty = false;
		while (!this.writing && !this.closed && !this.queue.isEmpty()) {
			List<Frame> batch = this.shard.batch;
			fill(batch);
			if (batch.isEmpty()) {
				continue;
			}
			this.writing = true;
			this.lastWriteNanos = System.nanoTime();
			Thread shardThread = Thread.currentThread();
			Write write = new Write(shardThread);
			this.transport.write(batch, write);
			batch.clear();
			write.returned = true;
			if (write.doneInside) {
				wrote(write.failure);
			}
		}
		if (this.closing != null && !this.closed && !this.writing && this.queue.isEmpty()) {
			closeNow(this.closing);
		}
	}

	void tick(long nowNanos) {
		if (this.closed) {
			return;
		}
		if (this.closing != null) {
			if (nowNanos - this.closingSinceNanos > CLOSING_NANOS) {
				closeNow(this.closing);
			}
			return;
		}
		long sinceWrite = nowNanos - this.lastWriteNanos;
		long expect = this.expectEveryNanos;
		if (this.writing && sinceWrite > this.hub.options.writeTimeout().toNanos()) {
			closeNow(CloseReason.STUCK);
		}
		else if (expect > 0 && nowNanos - this.lastReadNanos > 3 * expect) {
			closeNow(CloseReason.SILENT);
		}
		else if (this.sendEveryNanos > 0 && !this.writing
				&& sinceWrite + TimeUnit.SECONDS.toNanos(1) >= this.sendEveryNanos) {
			enqueueUnowned(this.hub.heartbeat);
		}
	}

	private void fill(List<Frame> batch) {
		int room = this.transport.batchBytes();
		while (!this.queue.isEmpty() && (batch.isEmpty() || this.queue.nextSize() <= room)) {
			OutboundQueue.Taken taken = this.queue.poll();
			if (taken == null) {
				return;
			}
			Frame frame = frameOf(taken);
			if (frame != null) {
				batch.add(frame);
				room -= frame.size();
			}
		}
	}

	private @Nullable Frame frameOf(OutboundQueue.Taken taken) {
		if (taken.what() instanceof Frame frame) {
			return frame;
		}
		Subscriber owner = taken.owner();
		if (this.controlEvents && owner != null && taken.what() instanceof OutboundQueue.DroppedRange range) {
			return Frame.of(this.hub.encoder
				.gap(new Gap(owner.id, owner.topic(), range.epoch, range.from, range.to, Gap.OVERFLOW)));
		}
		return null;
	}

	private void wrote(@Nullable Throwable failure) {
		this.writing = false;
		this.queue.written();
		if (this.closed) {
			return;
		}
		if (failure != null) {
			closeNow(CloseReason.STUCK);
			return;
		}
		continueReplays();
	}

	private void continueReplays() {
		if (this.replays > 0 && this.queue.isHalfEmpty()) {
			snapshot().forEach(Subscriber::continueReplay);
		}
	}

	private Collection<Subscriber> snapshot() {
		synchronized (this.subscribers) {
			return List.copyOf(this.subscribers.values());
		}
	}

	private boolean isEnding() {
		return this.closed || this.closing != null;
	}

	private void closeAfterQueue(CloseReason reason) {
		if (!isEnding()) {
			this.closing = reason;
			this.closingSinceNanos = System.nanoTime();
			flush();
		}
	}

	private void closeNow(CloseReason reason) {
		if (!this.closed) {
			this.gone = true;
			this.transport.close(reason);
			discard();
		}
	}

	private void discard() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		this.queue.clear();
		Collection<Subscriber> all = snapshot();
		synchronized (this.subscribers) {
			this.subscribers.clear();
		}
		all.forEach(this.hub::unsubscribe);
		this.shard.closed(this);
		this.hub.closed(this);
	}

	/** Notes whether the write was done before the call returned: then no hand-over. */
	private final class Write implements Transport.Completion {

		private final Thread shardThread;

		boolean returned;

		boolean doneInside;

		@Nullable Throwable failure;

		Write(Thread shardThread) {
			this.shardThread = shardThread;
		}

		@Override
		public void done(@Nullable Throwable failure) {
			if (Thread.currentThread() == this.shardThread && !this.returned) {
				this.doneInside = true;
				this.failure = failure;
			}
			else {
				Connection.this.shard.execute(() -> {
					wrote(failure);
					flush();
				});
			}
		}

	}

}

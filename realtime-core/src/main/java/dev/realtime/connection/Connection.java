package dev.realtime.connection;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.delivery.DeliveryShard;
import dev.realtime.delivery.Frame;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection: who it is, its subscriptions, its heartbeats. Public methods
 * may be called by any thread and never block; they hand over to the connection's shard,
 * in the order of the calls.
 */
public final class Connection extends Lifetime {

	private final Connections shared;

	final DeliveryShard shard;

	/** Confined to the shard. */
	final SocketWriter writer;

	private final String id;

	final Subscriptions subscriptions;

	private final ClosingTasks whenClosed = new ClosingTasks();

	private volatile @Nullable String user;

	private volatile boolean controlEvents;

	private volatile boolean introduced;

	private volatile boolean gone;

	/** On the shard alone. */
	private boolean closedByNode;

	private volatile @Nullable ConnectionOwner owner;

	Connection(Connections shared, DeliveryShard shard, String id, Transport transport) {
		super(shard.environment().nanoTime());
		this.shared = shared;
		this.shard = shard;
		this.id = id;
		this.writer = new SocketWriter(shared, this, transport);
		this.subscriptions = new Subscriptions(shared.options.maxSubscriptions());
	}

	/** The session's id, unique on this node. */
	public String id() {
		return this.id;
	}

	/** How its frames reach the client. */
	public TransportKind transport() {
		return this.writer.transport.kind();
	}

	/** Who it is, or null while unknown. */
	public @Nullable String user() {
		return this.user;
	}

	/** Says who is told when the node closes the connection. */
	public void belongTo(ConnectionOwner owner) {
		this.owner = owner;
	}

	/** Returns who has made the connection, if that was said. */
	public @Nullable ConnectionOwner owner() {
		return this.owner;
	}

	/** Whether the client asked for control events. */
	public boolean wantsControlEvents() {
		return this.controlEvents;
	}

	/** What ends it although its socket is well. */
	public Lifetime lifetime() {
		return this;
	}

	@Override
	Environment environment() {
		return this.shard.environment();
	}

	/** Returns what waits for its socket; read without the shard, so it may be old. */
	public Waiting waiting() {
		return this.writer.queue.waiting();
	}

	/** Returns how long its client took to answer the last ping; null if not known. */
	public @Nullable Duration roundTrip() {
		return this.writer.transport.roundTrip();
	}

	/**
	 * Counts what waits for its socket after everything that was handed over before this
	 * call.
	 * @param counted called on the shard: must be quick, never block
	 */
	public void countWaiting(Consumer<Waiting> counted) {
		execute(() -> counted.accept(waiting()));
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
		setHeartbeats(sendEvery, expectEvery);
		this.introduced = true;
		execute(() -> this.shared.introduced(this));
	}

	/** Whether the client has introduced itself, and was not refused then. */
	public boolean isIntroduced() {
		return this.introduced;
	}

	/** Queues a frame that is not a topic's message; when it does not fit, closes. */
	public void send(Frame frame) {
		execute(() -> this.writer.enqueueUnowned(frame));
	}

	/** Queues CONNECTED, whose write {@link ConnectionStats#onConnected} reports. */
	public void sendConnected(Frame frame) {
		execute(() -> this.writer.enqueueConnected(frame));
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
		return this.shared.subscribers.subscribe(this, request);
	}

	/**
	 * Subscribes to all topics of a pattern. The receipt goes through the queue first.
	 * @throws SubscribeException when the id is in use or a limit is reached
	 */
	public void subscribe(PatternRequest request) {
		this.shared.subscribers.subscribe(this, request);
	}

	/** Ends a subscription; no message of it is queued afterwards. */
	public boolean unsubscribe(String subscriptionId) {
		Subscription found = this.subscriptions.remove(subscriptionId);
		if (found != null) {
			found.cancel();
		}
		return found != null;
	}

	/**
	 * Ends what brings the messages of one topic: the subscription to it, or what follows
	 * it for a pattern, which goes on without that topic.
	 * @return false if it has ended before
	 */
	public boolean revoke(Subscriber subscriber) {
		return this.subscriptions.revoke(subscriber);
	}

	/** Ends all subscriptions. */
	public void unsubscribeAll() {
		this.subscriptions.all().forEach((subscription) -> unsubscribe(subscription.id()));
	}

	/**
	 * Returns the ids of the subscriptions that bring messages of a topic of the pattern,
	 * or might because they have a wildcard.
	 */
	public List<String> subscriptionsTo(TopicPattern pattern) {
		return this.subscriptions.thatMayBring(pattern);
	}

	/**
	 * Returns what brings messages now, with the subscription's id: one for each topic.
	 */
	public List<Subscriber> subscribers() {
		return this.subscriptions.all().stream().flatMap((each) -> each.subscribers().stream()).toList();
	}

	/** Whether any subscription of this connection names the topic. */
	public boolean isSubscribedTo(Topic topic) {
		return this.subscriptions.contain(topic);
	}

	/**
	 * Writes what waits already, for at most 2 s, then says why, closes the socket and
	 * ends all subscriptions; idempotent.
	 */
	public void close(CloseReason reason) {
		gone();
		execute(() -> this.writer.closeAfterQueue(reason));
	}

	/** Closes without writing what waits; idempotent. */
	void closeNow(CloseReason reason) {
		gone();
		this.shard.execute(() -> this.writer.closeNow(reason));
	}

	/** Closes a connection that the node does not take. */
	void refuse(CloseReason reason) {
		gone();
		this.writer.refuse(reason);
	}

	/**
	 * The socket is closed: ends all subscriptions and runs what waits for that;
	 * idempotent.
	 */
	public void closed() {
		gone();
		this.shard.execute(this.writer::discard);
		this.whenClosed.close().forEach(this.shard::contain);
	}

	/**
	 * Runs a task once the transport has reported that the socket is closed: at once if
	 * it has already. What is kept for a connection elsewhere is released this way,
	 * because nothing that the application configures can suppress it.
	 * @param task must not block; runs once, on the thread that reports the end
	 */
	public void whenClosed(Runnable task) {
		if (!this.whenClosed.add(task)) {
			this.shard.contain(task);
		}
	}

	/** Whether a subscription waits for a feed that does not know where live starts. */
	public boolean isOpening() {
		return this.subscriptions.areOpening();
	}

	/**
	 * Calls back once no subscription waits for its feed any more: at once if none does,
	 * else on the connection's shard. Subscriptions that end wait no longer, and the
	 * connection is closed when a feed does not open in time, so the call always comes
	 * while the node runs. There is one callback: a later one replaces an earlier one
	 * that waits.
	 * @param task must not block
	 */
	public void whenOpen(Runnable task) {
		if (!this.subscriptions.callWhenOpen(task)) {
			task.run();
		}
	}

	void opened() {
		Runnable waiting = this.subscriptions.opened();
		if (waiting != null) {
			this.shard.execute(waiting);
		}
	}

	/** What all connections of the node share. */
	Connections shared() {
		return this.shared;
	}

	/** Does something on the shard; when that fails, the connection is closed. */
	void execute(Runnable task) {
		this.shard.execute(() -> {
			try {
				task.run();
			}
			catch (Throwable ex) {
				this.writer.failed(ex);
			}
		});
	}

	// What follows is confined to the shard.

	void control(Function<FrameEncoder, byte[]> event) {
		if (this.controlEvents) {
			this.writer.enqueueUnowned(Frame.of(event.apply(this.shared.encoder)));
		}
	}

	void continueReplays() {
		this.subscriptions.all().forEach(Subscription::continueReplay);
	}

	/** The node begins to close the connection; once, on the shard. */
	void closing(CloseReason reason) {
		this.closedByNode = true;
		this.shard.contain(() -> this.shared.stats.closing(this, reason));
		ConnectionOwner known = this.owner;
		if (known != null) {
			this.shard.contain(() -> known.closing(reason));
		}
	}

	/** The writer has ended, for whatever reason. */
	void ended() {
		this.gone = true;
		if (!this.closedByNode) {
			this.shared.stats.disconnects().leftByClient();
		}
		for (Subscription subscription : this.subscriptions.end()) {
			this.shard.contain(subscription::cancel);
		}
		this.shard.closed(this.writer);
		this.shard.contain(() -> this.shared.closed(this));
	}

	private void gone() {
		this.gone = true;
		this.subscriptions.close();
	}

}

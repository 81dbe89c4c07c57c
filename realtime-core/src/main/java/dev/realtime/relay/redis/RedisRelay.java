package dev.realtime.relay.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.codec.MessageCodec;
import dev.realtime.redis.Announcing;
import dev.realtime.redis.FleetSettings;
import dev.realtime.redis.Masters;
import dev.realtime.redis.RedisAwayException;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.codec.SignalCodec;
import dev.realtime.relay.Relay;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay over Redis publish/subscribe: one channel a topic, or one a partition (see
 * {@link dev.realtime.redis.Channels}). It listens on a connection of its own and
 * announces on the link that it shares.
 * <p>
 * A thread of its own keeps the connection (see {@link RelayKeeper}): the listener is
 * called there for {@code onReconnected}, and on Lettuce's I/O thread for messages.
 */
public final class RedisRelay implements Relay {

	private static final Logger logger = LoggerFactory.getLogger(RedisRelay.class);

	/** How often the connection is asked for life. */
	public static final Duration PING_INTERVAL = Duration.ofSeconds(10);

	private volatile RedisLink link;

	private final RedisKeys keys;

	private final Loop thread;

	/** The subscriptions that callers wait for. */
	private final Map<Object, CompletableFuture<Void>> unconfirmed = new ConcurrentHashMap<>();

	private final Announcements announcements;

	private final Keeper keeper;

	private final Duration timeout;

	/** Nothing listens; announcing needs the link alone. */
	private volatile boolean announcesOnly;

	/** Opens the links of a relay that has its own, else null. */
	private final @Nullable Supplier<RedisLink> links;

	/**
	 * A relay with a link of its own, which it closes; blocks up to the client's connect
	 * timeout.
	 * @param client opens both connections; not closed by us
	 * @param timeout how long a command may take
	 * @param loops makes the relay's threads
	 * @throws io.lettuce.core.RedisConnectionException when Redis is away
	 */
	public static RedisRelay connect(AbstractRedisClient client, RedisKeys keys, Duration timeout, Loops loops) {
		Supplier<RedisLink> links = () -> RedisLink.connect(client, timeout, loops, "realtime-redis-relay");
		return new RedisRelay(client, links.get(), keys, timeout, PING_INTERVAL, loops, links);
	}

	/**
	 * A relay that is not yet connected.
	 * @param client opens the connection that listens; not closed by us
	 * @param link carries the announcements; not closed by us
	 * @param timeout how long a subscription or the answer to a ping may take
	 * @param loops makes the relay's thread
	 */
	public RedisRelay(AbstractRedisClient client, RedisLink link, RedisKeys keys, Duration timeout, Loops loops) {
		this(client, link, keys, timeout, PING_INTERVAL, loops);
	}

	RedisRelay(AbstractRedisClient client, RedisLink link, RedisKeys keys, Duration timeout, Duration pingInterval,
			Loops loops) {
		this(client, link, keys, timeout, pingInterval, loops, null);
	}

	private RedisRelay(AbstractRedisClient client, RedisLink link, RedisKeys keys, Duration timeout,
			Duration pingInterval, Loops loops, @Nullable Supplier<RedisLink> links) {
		this.thread = loops.loop("realtime-relay");
		this.links = links;
		this.link = link;
		this.keys = keys;
		this.timeout = timeout;
		this.announcements = new Announcements(keys, loops.environment());
		this.keeper = keeper(client, pingInterval);
	}

	private Keeper keeper(AbstractRedisClient client, Duration pingInterval) {
		Masters masters = Masters.of(client, this.thread.environment());
		if (masters != null) {
			return new ShardKeeper(masters, this.keys, this.thread, this.timeout, pingInterval, this.announcements);
		}
		return new RelayKeeper((RedisClient) client, this.keys, this.thread, this.timeout, pingInterval,
				this.announcements, this::restoring);
	}

	/**
	 * Connects, blocking up to the client's connect timeout.
	 * @throws io.lettuce.core.RedisConnectionException when Redis is away
	 * @throws IllegalStateException when the relay is closed
	 */
	@Override
	public void start(Listener listener) {
		this.announcements.start(listener);
		CompletableFuture<Void> started = waitedFor();
		this.thread.execute(() -> {
			try {
				this.keeper.start();
				started.complete(null);
			}
			catch (Throwable ex) {
				started.completeExceptionally(ex);
			}
		});
		try {
			Void unused = this.thread.environment().join(started);
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException failure) {
				throw failure;
			}
			throw ex;
		}
	}

	/** {@inheritDoc} Opens no connection: announcements leave on the link. */
	@Override
	public void startAnnouncing() {
		this.announcesOnly = true;
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		return subscribe(new Channel.OfTopic(topic));
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		return unsubscribe(new Channel.OfTopic(topic));
	}

	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		return subscribe(new Channel.OfPattern(pattern));
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return unsubscribe(new Channel.OfPattern(pattern));
	}

	private CompletionStage<Void> subscribe(Channel channel) {
		if (this.announcesOnly) {
			return CompletableFuture.failedFuture(new IllegalStateException("This relay only announces messages"));
		}
		CompletableFuture<Void> confirmed = waitedFor();
		this.thread.execute(() -> this.keeper.want(channel, confirmed));
		if (isConnected()) {
			Loop.Delayed late = this.thread.after(this.timeout, () -> late(channel, confirmed));
			var unused = confirmed.whenComplete((done, failure) -> late.cancel());
		}
		else {
			confirmed.completeExceptionally(new RedisAwayException("SUBSCRIBE", this.keeper.problem()));
		}
		return confirmed;
	}

	private CompletionStage<Void> unsubscribe(Channel channel) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		boolean accepted = this.thread.tryExecute(() -> {
			this.keeper.unwant(channel);
			done.complete(null);
		});
		return accepted ? done : CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> announce(TopicMessage message) {
		return publish(message.topic(), MessageCodec.announcement(message));
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		return publish(signal.topic(), SignalCodec.bytes(signal));
	}

	@Override
	public boolean isConnected() {
		return this.announcesOnly ? this.link.isConnected() : this.keeper.isConnected();
	}

	@Override
	public @Nullable String problem() {
		return this.announcesOnly ? this.link.problem() : this.keeper.problem();
	}

	@Override
	public void close() {
		this.thread.close();
		this.unconfirmed.values().forEach(RedisRelay::closed);
		this.keeper.close();
		if (this.links != null) {
			this.link.close();
		}
	}

	/** On the relay's thread, once that is connected again. */
	private void restoring() {
		renewLink();
		FleetSettings mine = FleetSettings.of(this.keys);
		mine.agree(this.link, this.keys).thenAccept((fleet) -> {
			if (!fleet.equals(mine)) {
				logger.error("The fleet uses {}, but this node has {}: it does not receive the messages of nodes "
						+ "with the other settings. Configure all nodes alike", fleet, mine);
			}
		});
	}

	/**
	 * On the relay's thread, once that is connected again. After an outage of some
	 * seconds Lettuce waits for as long again before it tries.
	 */
	private void renewLink() {
		RedisLink lost = this.link;
		if (this.links == null || lost.isConnected()) {
			return;
		}
		try {
			this.link = this.links.get();
			lost.close();
			if (this.thread.isClosed()) {
				this.link.close();
			}
		}
		catch (RuntimeException ex) {
			logger.debug("A new connection to Redis could not be opened; Lettuce reconnects the existing one", ex);
		}
	}

	private CompletionStage<Void> publish(Topic topic, byte[] bytes) {
		Announcing announcing = this.keys.announcing(topic);
		List<CompletionStage<Long>> sent = new ArrayList<>(2);
		if (this.keys.channels().hasTopics()) {
			sent.add(publish(announcing.topic(), bytes));
		}
		if (this.keys.channels().hasPartitions()) {
			byte[] named = Arrays.copyOf(announcing.name(), announcing.name().length + bytes.length);
			System.arraycopy(bytes, 0, named, announcing.name().length, bytes.length);
			sent.add(publish(announcing.partition(), named));
		}
		CompletionStage<Long> first = sent.get(0);
		return (sent.size() == 1) ? first.thenAccept((receivers) -> {
		}) : first.thenAcceptBoth(sent.get(1), (one, other) -> {
		});
	}

	private CompletionStage<Long> publish(byte[] channel, byte[] bytes) {
		return this.link.publish(channel, bytes);
	}

	/** A stage that fails when the relay is closed before it is complete. */
	private CompletableFuture<Void> waitedFor() {
		CompletableFuture<Void> stage = new CompletableFuture<>();
		Object key = new Object();
		this.unconfirmed.put(key, stage);
		var unused = stage.whenComplete((done, failure) -> this.unconfirmed.remove(key));
		if (this.thread.isClosed()) {
			closed(stage);
		}
		return stage;
	}

	private static void closed(CompletableFuture<Void> stage) {
		stage.completeExceptionally(new IllegalStateException("The relay is closed"));
	}

	private void late(Channel channel, CompletableFuture<Void> confirmed) {
		if (!confirmed.isDone()) {
			confirmed.completeExceptionally(new TimeoutException(
					"Redis did not confirm the subscription of \"" + channel + "\" within " + this.timeout));
		}
	}

}

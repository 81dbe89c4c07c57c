package dev.realtime.relay.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.redis.MessageCodec;
import dev.realtime.redis.RedisAwayException;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.relay.Relay;
import io.lettuce.core.RedisClient;

/**
 * The relay over Redis publish/subscribe: one channel a topic. It listens on a connection
 * of its own and announces on the link that it shares.
 * <p>
 * A thread of its own keeps the connection (see {@link RelayKeeper}): the listener is
 * called there for {@code onReconnected}, and on Lettuce's I/O thread for messages.
 */
public final class RedisRelay implements Relay {

	/** How often the connection is asked for life. */
	public static final Duration PING_INTERVAL = Duration.ofSeconds(10);

	private final RedisLink link;

	private final RedisKeys keys;

	private final RelayThread thread = new RelayThread();

	private final Announcements announcements;

	private final RelayKeeper keeper;

	private final Duration timeout;

	private final boolean ownsLink;

	/**
	 * A relay with a link of its own, which it closes; blocks up to the client's connect
	 * timeout.
	 * @param client opens both connections; not closed by us
	 * @param timeout how long a command may take
	 * @throws io.lettuce.core.RedisConnectionException when Redis is away
	 */
	public static RedisRelay connect(RedisClient client, RedisKeys keys, Duration timeout) {
		return new RedisRelay(client, RedisLink.connect(client, timeout), keys, timeout, PING_INTERVAL, true);
	}

	/**
	 * A relay that is not yet connected.
	 * @param client opens the connection that listens; not closed by us
	 * @param link carries the announcements; not closed by us
	 * @param timeout how long a subscription or the answer to a ping may take
	 */
	public RedisRelay(RedisClient client, RedisLink link, RedisKeys keys, Duration timeout) {
		this(client, link, keys, timeout, PING_INTERVAL);
	}

	RedisRelay(RedisClient client, RedisLink link, RedisKeys keys, Duration timeout, Duration pingInterval) {
		this(client, link, keys, timeout, pingInterval, false);
	}

	private RedisRelay(RedisClient client, RedisLink link, RedisKeys keys, Duration timeout, Duration pingInterval,
			boolean ownsLink) {
		this.ownsLink = ownsLink;
		this.link = link;
		this.keys = keys;
		this.timeout = timeout;
		this.announcements = new Announcements(keys);
		this.keeper = new RelayKeeper(client, keys, this.thread, timeout, pingInterval, this.announcements);
	}

	/**
	 * Connects, blocking up to the client's connect timeout.
	 * @throws io.lettuce.core.RedisConnectionException when Redis is away
	 */
	@Override
	public void start(Listener listener) {
		this.announcements.start(listener);
		try {
			CompletableFuture.runAsync(this.keeper::start, this.thread).join();
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RuntimeException failure) {
				throw failure;
			}
			throw ex;
		}
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		CompletableFuture<Void> confirmed = new CompletableFuture<>();
		if (this.thread.isClosed()) {
			confirmed.completeExceptionally(new IllegalStateException("The relay is closed"));
			return confirmed;
		}
		this.thread.execute(() -> this.keeper.want(topic, confirmed));
		if (isConnected()) {
			this.thread.after(this.timeout.toMillis(), () -> late(topic, confirmed));
		}
		else {
			confirmed.completeExceptionally(new RedisAwayException("SUBSCRIBE"));
		}
		return confirmed;
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		this.thread.execute(() -> this.keeper.unwant(topic));
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> announce(TopicMessage message) {
		byte[] channel = this.keys.channel(message.topic());
		byte[] announcement = MessageCodec.announcement(message);
		return this.link.run("PUBLISH", (redis) -> redis.publish(channel, announcement)).thenAccept((receivers) -> {
		});
	}

	@Override
	public boolean isConnected() {
		return this.keeper.isConnected();
	}

	@Override
	public void close() {
		this.thread.close();
		this.keeper.close();
		if (this.ownsLink) {
			this.link.close();
		}
	}

	private void late(Topic topic, CompletableFuture<Void> confirmed) {
		if (!confirmed.isDone()) {
			confirmed.completeExceptionally(new TimeoutException(
					"Redis did not confirm the subscription of \"" + topic + "\" within " + this.timeout));
		}
	}

}

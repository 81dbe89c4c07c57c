package dev.realtime.relay.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.realtime.loop.Environment;
import dev.realtime.redis.RedisDiagnosis;
import dev.realtime.redis.RedisLink;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of the connection that listens: it ends with the first disconnection and is
 * never revived, so what was confirmed in it is true as long as it lives. One command a
 * channel, because with several Lettuce cannot tell in RESP2 which answer is whose.
 */
final class RelaySession {

	private static final Logger logger = LoggerFactory.getLogger(RelaySession.class);

	private static final Duration CLOSING = Duration.ofSeconds(1);

	private final StatefulRedisPubSubConnection<byte[], byte[]> connection;

	/** Lettuce warns of each further close. */
	private final AtomicBoolean closing = new AtomicBoolean();

	private RelaySession(StatefulRedisPubSubConnection<byte[], byte[]> connection) {
		this.connection = connection;
	}

	/**
	 * Connects, blocking up to the client's connect timeout.
	 * @param announcements gets what arrives, on the I/O thread
	 * @param onLost called once or twice on the I/O thread when the connection breaks
	 */
	static RelaySession open(RedisClient client, Announcements announcements, Consumer<RelaySession> onLost) {
		return of(client.connectPubSub(ByteArrayCodec.INSTANCE), announcements, onLost, (session, channel) -> {
		});
	}

	/**
	 * A session on a connection that is open.
	 * @param onLost called once or twice on the I/O thread when the connection breaks
	 * @param onMoved called on the I/O thread when a shard ends a subscription by itself
	 */
	static RelaySession of(StatefulRedisPubSubConnection<byte[], byte[]> connection, Announcements announcements,
			Consumer<RelaySession> onLost, BiConsumer<RelaySession, byte[]> onMoved) {
		RelaySession session = new RelaySession(connection);
		session.connection.addListener(new RedisPubSubAdapter<>() {
			@Override
			public void smessage(byte[] channel, byte[] message) {
				announcements.onMessage(channel, message);
			}

			@Override
			public void sunsubscribed(byte[] channel, long count) {
				onMoved.accept(session, channel);
			}

			@Override
			public void message(byte[] channel, byte[] message) {
				announcements.onMessage(channel, message);
			}

			@Override
			public void message(byte[] pattern, byte[] channel, byte[] message) {
				announcements.onMatch(channel, message);
			}
		});
		session.connection.addListener(new RedisConnectionStateListener() {
			@Override
			public void onRedisDisconnected(RedisChannelHandler<?, ?> lost) {
				var unused = session.closeOnce();
				onLost.accept(session);
			}
		});
		if (!session.connection.isOpen()) {
			onLost.accept(session);
		}
		return session;
	}

	boolean isOpen() {
		return this.connection.isOpen();
	}

	/** Completes when Redis confirms; fails when it refuses or the session ends. */
	CompletableFuture<Void> subscribe(byte[] channel) {
		return explained("SUBSCRIBE", channel, this.connection.async().subscribe(channel).toCompletableFuture());
	}

	/** As for a channel, for one of a shard of a cluster. */
	CompletableFuture<Void> subscribeShard(byte[] channel) {
		return explained("SSUBSCRIBE", channel, this.connection.async().ssubscribe(channel).toCompletableFuture());
	}

	private static CompletableFuture<Void> explained(String what, byte[] channel, CompletableFuture<Void> sent) {
		CompletableFuture<Void> answered = new CompletableFuture<>();
		var unused = sent.whenComplete((done, failure) -> {
			if (failure == null) {
				answered.complete(null);
			}
			else {
				answered.completeExceptionally(RedisDiagnosis.explained(RedisLink.unwrap(failure), what, channel));
			}
		});
		return answered;
	}

	CompletionStage<Void> unsubscribeShard(byte[] channel) {
		return this.connection.async().sunsubscribe(channel).toCompletableFuture();
	}

	CompletionStage<Void> unsubscribe(byte[] channel) {
		return this.connection.async().unsubscribe(channel).toCompletableFuture();
	}

	/** As for a channel, for all channels that match the glob. */
	CompletableFuture<Void> subscribeAll(byte[] glob) {
		return explained("PSUBSCRIBE", glob, this.connection.async().psubscribe(glob).toCompletableFuture());
	}

	CompletionStage<Void> unsubscribeAll(byte[] glob) {
		return this.connection.async().punsubscribe(glob).toCompletableFuture();
	}

	/** Completes when Redis answers. */
	CompletableFuture<String> ping() {
		return this.connection.async().ping().toCompletableFuture();
	}

	/** Ends the session without waiting for that. */
	void closeSoon() {
		var unused = closeOnce();
	}

	/** Ends the session; no message arrives afterwards. Blocks 1 s at most. */
	void close(Environment environment) {
		try {
			Void unused = environment.await(closeOnce(), CLOSING);
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("The relay's connection did not close properly", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private CompletableFuture<Void> closeOnce() {
		return this.closing.compareAndSet(false, true) ? this.connection.closeAsync()
				: CompletableFuture.completedFuture(null);
	}

}

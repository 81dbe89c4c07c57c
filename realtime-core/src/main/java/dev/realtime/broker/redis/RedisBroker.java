package dev.realtime.broker.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.broker.RelayedBroker;
import dev.realtime.relay.TopicTransport;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Copied;
import dev.realtime.broker.NumberedRun;
import dev.realtime.broker.RegionalBroker;
import dev.realtime.log.TopicLog;
import dev.realtime.log.redis.RedisTopicLog;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loops;
import dev.realtime.redis.Continuity;
import dev.realtime.codec.MessageCodec;
import dev.realtime.redis.Numbering;
import dev.realtime.redis.PolicyArgs;
import dev.realtime.redis.RedisAwayException;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.TakeoverException;
import dev.realtime.relay.Relay;
import dev.realtime.relay.redis.RedisRelay;
import dev.realtime.sequence.SequenceService;
import dev.realtime.sequence.redis.RedisSequence;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker whose numbering and log are one Redis server (6.2 or later) or a Redis
 * Cluster (7.0 or later), and the relay too, or another one. A publish is one script, see
 * {@link PublishScript}. Two connections: one for all commands, one for the relay; both
 * heal by themselves. The client stays the caller's to shut down, after this broker.
 */
public final class RedisBroker extends RelayedBroker implements RegionalBroker {

	private static final Logger logger = LoggerFactory.getLogger(RedisBroker.class);

	private final LogThrottle unannounced;

	private final RedisLink link;

	private final RedisKeys keys;

	/**
	 * Holds back what the replicas do not have yet; null when every failover begins new
	 * epochs.
	 */
	private final @Nullable Continuity continuity;

	private final Relay relay;

	private final RedisTopicLog log;

	private final RedisSequence sequence;

	private final RedisPublisher publisher;

	private final RedisCopies copies;

	private final int maxInFlight;

	private final AtomicInteger inFlight = new AtomicInteger();

	/**
	 * Opens the connection for commands, blocking up to the client's connect timeout.
	 * @param loops makes the broker's threads
	 * @throws io.lettuce.core.RedisConnectionException when Redis is away
	 */
	public RedisBroker(AbstractRedisClient client, RedisKeys keys, RedisBrokerOptions options, Loops loops) {
		this(client, keys, options, null, loops);
	}

	/**
	 * A broker that stores in Redis and announces through another relay; opens the
	 * connection for commands, blocking up to the client's connect timeout. A message is
	 * stored before it is announced. If announcing fails, nodes find the message when
	 * they compare their positions with the log.
	 * @param relay carries announcements; started and closed with this broker. With null
	 * it is Redis, and the script that stores a message announces it, too
	 * @param loops makes the broker's threads
	 * @throws io.lettuce.core.RedisConnectionException when Redis is away
	 */
	public RedisBroker(AbstractRedisClient client, RedisKeys keys, RedisBrokerOptions options, @Nullable Relay relay,
			Loops loops) {
		this.unannounced = new LogThrottle(loops.environment());
		this.link = RedisLink.connect(client, options.commandTimeout(), loops, "realtime-redis");
		this.keys = keys;
		this.continuity = (options.continuing() != null)
				? new Continuity(this.link, keys, options.continuing(), options.commandTimeout(), loops) : null;
		Numbering numbering = new Numbering(this.link, keys, options.numberingTtl(), this.continuity);
		this.relay = (relay != null) ? relay : new RedisRelay(client, this.link, keys, options.commandTimeout(), loops);
		this.log = new RedisTopicLog(numbering);
		this.sequence = new RedisSequence(numbering);
		PolicyArgs policies = new PolicyArgs(numbering);
		this.publisher = new RedisPublisher(this.link, keys, numbering, this.continuity, policies, relay == null,
				this::notAnnounced);
		this.copies = new RedisCopies(this.link, keys, policies);
		this.maxInFlight = options.maxInFlight();
	}

	/** Opens the connection of the relay; see {@link RedisRelay#start}. */
	@Override
	public void start(Relay.Listener listener) {
		this.relay.start(listener);
	}

	/** Opens no connection that listens; see {@link RedisRelay#startAnnouncing}. */
	@Override
	public void startPublishing() {
		this.relay.startAnnouncing();
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy) {
		return publish(publication, policy, publication.idempotencyKey(), false);
	}

	@Override
	public CompletionStage<PublishReceipt> publishMarked(Publication publication, TopicPolicy policy,
			@Nullable String key) {
		return publish(publication, policy, key, true);
	}

	private CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy, @Nullable String key,
			boolean marked) {
		Topic topic = publication.topic();
		byte[] blob = MessageCodec.blob(publication);
		if (this.inFlight.incrementAndGet() > this.maxInFlight) {
			this.inFlight.decrementAndGet();
			return CompletableFuture.failedFuture(PublishException.refused(topic, this.maxInFlight
					+ " publications of this node already wait for Redis, the most that realtime.publish.max-in-flight "
					+ "allows; try again later", null));
		}
		CompletableFuture<PublishReceipt> receipt = new CompletableFuture<>();
		sent(publication, policy, blob, key, marked).whenComplete((stored, failure) -> {
			this.inFlight.decrementAndGet();
			if (failure == null) {
				if (!this.publisher.announces(topic) && !stored.duplicate()) {
					announce(TopicMessage.of(publication, stored));
				}
				receipt.complete(stored);
			}
			else {
				receipt.completeExceptionally(failed(topic, RedisLink.unwrap(failure)));
			}
		});
		return receipt;
	}

	@Override
	public CompletionStage<Copied> copy(Topic topic, NumberedRun run, TopicPolicy policy) {
		boolean elsewhere = !this.publisher.announces(topic);
		return this.copies
			.copy(topic, run, policy, this.publisher.announcing(topic), (error) -> notAnnounced(topic, error))
			.thenApply((copied) -> {
				List<TopicMessage> messages = run.messages();
				if (elsewhere) {
					messages.subList(messages.size() - copied.stored(), messages.size()).forEach(this::announce);
				}
				return copied;
			});
	}

	@Override
	public CompletionStage<Marks> marks(int partition, Marks.Place after, int limit) {
		return this.copies.marks(partition, after, limit);
	}

	@Override
	public CompletionStage<Void> forget(Topic topic) {
		return this.copies.forget(topic);
	}

	@Override
	public int partitions() {
		return this.keys.partitions().count();
	}

	@Override
	public int partition(Topic topic) {
		return this.keys.partitions().of(topic);
	}

	@Override
	protected TopicTransport transport() {
		return this.relay;
	}

	@Override
	public TopicLog log() {
		return this.log;
	}

	@Override
	public SequenceService sequence() {
		return this.sequence;
	}

	@Override
	public boolean isConnected() {
		return this.link.isConnected() && this.relay.isConnected();
	}

	@Override
	public boolean isUsable() {
		return this.link.isUsable();
	}

	@Override
	public @Nullable String problem() {
		String problem = this.link.problem();
		if (problem == null && this.continuity != null) {
			problem = this.continuity.problem();
		}
		return (problem != null) ? problem : this.relay.problem();
	}

	/** Publishes that are unanswered fail with an unknown outcome. */
	@Override
	public void close() {
		if (this.continuity != null) {
			this.continuity.close();
		}
		this.relay.close();
		this.link.close();
	}

	/** Whatever is thrown fails this publication and no longer counts as under way. */
	private CompletionStage<PublishReceipt> sent(Publication publication, TopicPolicy policy, byte[] blob,
			@Nullable String key, boolean marked) {
		try {
			return marked ? this.publisher.publishMarked(publication, policy, blob,
					this.copies.marks(publication.topic()), key)
					: this.publisher.publish(publication, policy, blob, key);
		}
		catch (Throwable ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	/** On the connection's thread; the receipt does not depend on it. */
	private void announce(TopicMessage message) {
		try {
			var unused = this.relay.announce(message).whenComplete((done, failure) -> {
				if (failure != null) {
					notAnnounced(message.topic(), String.valueOf(failure.getMessage()));
				}
			});
		}
		catch (Throwable ex) {
			notAnnounced(message.topic(), ex.toString());
		}
	}

	private void notAnnounced(Topic topic, String why) {
		long since = this.unannounced.add();
		if (since > 0) {
			logger.warn("A message of \"{}\" was stored but could not be announced: {} ({} times since this was "
					+ "last logged)", topic, why, since);
		}
	}

	/** Whatever is neither unsent nor an error reply may have been carried out. */
	private PublishException failed(Topic topic, @Nullable Throwable cause) {
		if (cause instanceof RedisAwayException away) {
			String why = (away.why() != null) ? away.why() : this.relay.problem();
			return PublishException.refused(topic,
					"Redis is not connected and nothing was published; the connection is retried automatically"
							+ ((why != null) ? ". The last attempt: " + why : ""),
					cause);
		}
		if (cause instanceof TakeoverException takeover && !takeover.isOutcomeUnknown()) {
			return PublishException.refused(topic, String.valueOf(cause.getMessage()), cause);
		}
		if (cause instanceof RedisCommandExecutionException) {
			return PublishException.refused(topic, "Redis refused it: " + cause.getMessage(), cause);
		}
		return PublishException.unknown(topic, String.valueOf((cause != null) ? cause.getMessage() : null), cause);
	}

}

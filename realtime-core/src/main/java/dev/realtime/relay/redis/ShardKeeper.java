package dev.realtime.relay.redis;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.loop.Loop;
import dev.realtime.redis.Masters;
import dev.realtime.redis.RedisAwayException;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisRefusedException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a session with each master of a Redis Cluster, and each channel subscribed to in
 * the session of the master that has its slot. Confined to the relay's thread but for
 * {@link #isConnected} and {@link #close}.
 * <p>
 * A look compares what is subscribed to with what should be, and repairs it: every second
 * or so, and at once when a session is lost, when a shard ends a subscription because its
 * slot has moved, and when it refuses one with MOVED. Nothing rests on Lettuce's own
 * resubscription: sessions are never revived. When all that was lost is confirmed again,
 * the listener is told, because messages may have been missed meanwhile. Channels of a
 * master that is lost wait for its replica; those of others are not touched.
 */
final class ShardKeeper implements Keeper {

	private static final Logger logger = LoggerFactory.getLogger(ShardKeeper.class);

	private static final Duration SOON = Duration.ofMillis(50);

	private static final Duration LOOK = Duration.ofMillis(500);

	private final Masters masters;

	private final RedisKeys keys;

	private final Loop thread;

	private final Duration timeout;

	private final Duration pingInterval;

	private final Announcements announcements;

	private final Carriers carriers;

	private final Refusals refusals = new Refusals();

	/** Sessions by address. Written on the thread. */
	private final Map<String, RelaySession> sessions = new ConcurrentHashMap<>();

	private final Map<String, CompletionStage<?>> connecting = new HashMap<>();

	private final Map<Channel, Subscribed> wanted = new HashMap<>();

	private final Map<ByteBuffer, Channel> names = new HashMap<>();

	/** Whether a channel was lost after it had been confirmed. */
	private boolean lost;

	private boolean soon;

	private volatile boolean closed;

	ShardKeeper(Masters masters, RedisKeys keys, Loop thread, Duration timeout, Duration pingInterval,
			Announcements announcements) {
		this.masters = masters;
		this.keys = keys;
		this.thread = thread;
		this.timeout = timeout;
		this.pingInterval = pingInterval;
		this.announcements = announcements;
		this.carriers = new Carriers(keys);
	}

	/** Whether there is a session with a master. */
	@Override
	public boolean isConnected() {
		return this.sessions.values().stream().anyMatch(RelaySession::isOpen);
	}

	@Override
	public @Nullable String problem() {
		return this.refusals.first();
	}

	@Override
	public void start() {
		RedisConnectionException failure = null;
		for (String address : this.masters.addresses()) {
			try {
				opened(address,
						this.masters.client().connectPubSub(ByteArrayCodec.INSTANCE, this.masters.uri(address)));
			}
			catch (RedisConnectionException ex) {
				failure = ex;
			}
		}
		if (this.sessions.isEmpty()) {
			throw (failure != null) ? failure : new RedisConnectionException("The Redis Cluster has no masters");
		}
		this.carriers.always().forEach((channel) -> ask(channel).exceptionally((refusal) -> null));
		this.thread.every(LOOK, this::look);
		this.thread.every(this.pingInterval, this::ping);
	}

	@Override
	public void want(Channel channel, CompletableFuture<Void> confirmed) {
		this.announcements.want(channel);
		CompletableFuture<?>[] answers = this.carriers.want(channel)
			.stream()
			.map(this::answer)
			.toArray(CompletableFuture[]::new);
		CompletionStage<Void> all = CompletableFuture.allOf(answers);
		all.whenComplete((done, failure) -> {
			if (failure == null) {
				confirmed.complete(null);
			}
			else {
				confirmed.completeExceptionally(RedisLink.unwrap(failure));
			}
		});
	}

	private CompletableFuture<Void> answer(Channel channel) {
		Subscribed known = this.wanted.get(channel);
		if (known != null && known.isInForce()) {
			return known.answer;
		}
		this.lost |= known != null && known.isConfirmed();
		return ask(channel);
	}

	@Override
	public void unwant(Channel channel) {
		this.announcements.unwant(channel);
		for (Channel carrier : this.carriers.unwant(channel)) {
			this.refusals.none(carrier);
			Subscribed known = this.wanted.remove(carrier);
			this.names.remove(ByteBuffer.wrap(carrier.name(this.keys)));
			if (known != null && known.session != null && known.session.isOpen()) {
				known.session.unsubscribeShard(carrier.name(this.keys));
			}
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.sessions.values().forEach(RelaySession::closeSoon);
	}

	private @Nullable RelaySession session(Channel channel) {
		String address = this.masters.address(SlotHash.getSlot(channel.name(this.keys)));
		RelaySession session = (address != null) ? this.sessions.get(address) : null;
		return (session != null && session.isOpen()) ? session : null;
	}

	private CompletableFuture<Void> ask(Channel channel) {
		RelaySession session = session(channel);
		CompletableFuture<Void> answer = (session != null) ? session.subscribeShard(channel.name(this.keys))
				: CompletableFuture.failedFuture(new RedisAwayException("SSUBSCRIBE"));
		Subscribed asked = new Subscribed(session, answer);
		this.wanted.put(channel, asked);
		this.names.put(ByteBuffer.wrap(channel.name(this.keys)), channel);
		answer.whenCompleteAsync((done, failure) -> {
			if (failure == null && isLast(channel, asked)) {
				this.refusals.none(channel);
				this.announcements.confirmed(channel);
			}
			else if (failure != null) {
				refused(channel, asked, RedisLink.unwrap(failure));
			}
		}, this.thread).exceptionally((failure) -> null);
		return answer;
	}

	@SuppressWarnings("ReferenceEquality")
	private boolean isLast(Channel channel, Subscribed asked) {
		return this.wanted.get(channel) == asked;
	}

	private void refused(Channel channel, Subscribed asked, Throwable failure) {
		String message = String.valueOf(failure.getMessage());
		if (message.startsWith("MOVED ")) {
			String[] words = message.split(" ", -1);
			this.masters.moved(Integer.parseInt(words[1]), words[2]);
			if (isLast(channel, asked)) {
				lookSoon();
			}
		}
		else if (!(failure instanceof RedisAwayException)) {
			if (failure instanceof RedisRefusedException && isLast(channel, asked)) {
				this.refusals.refused(channel, failure);
			}
			logger.debug("Redis refuses the subscription of \"{}\"; trying again", channel, failure);
		}
	}

	private void opened(String address, StatefulRedisPubSubConnection<byte[], byte[]> connection) {
		RelaySession session = RelaySession.of(connection, this.announcements,
				(ended) -> this.thread.execute(() -> ended(address, ended)),
				(ended, channel) -> this.thread.execute(() -> moved(ended, ByteBuffer.wrap(channel))));
		this.sessions.put(address, session);
		if (this.closed) {
			session.closeSoon();
		}
	}

	private void ended(String address, RelaySession session) {
		if (this.sessions.remove(address, session) && !this.closed) {
			logger.warn("The relay lost its connection to {}; its subscriptions are restored on a new connection",
					address);
			this.masters.refresh(SOON);
			lookSoon();
		}
		session.closeSoon();
	}

	/** A shard has ended a subscription; our own end comes when it is not wanted. */
	private void moved(RelaySession session, ByteBuffer name) {
		Channel channel = this.names.get(name);
		Subscribed known = (channel != null) ? this.wanted.get(channel) : null;
		if (channel != null && known != null && known.session == session) {
			this.lost |= known.isConfirmed();
			this.wanted.put(channel,
					new Subscribed(null, CompletableFuture.failedFuture(new RedisAwayException("SSUBSCRIBE"))));
			this.masters.refresh(SOON);
			lookSoon();
		}
	}

	private void lookSoon() {
		if (!this.soon) {
			this.soon = true;
			this.thread.after(SOON, () -> {
				this.soon = false;
				look();
			});
		}
	}

	/** Repairs what is not as it should be. */
	private void look() {
		if (this.closed) {
			return;
		}
		this.masters.refresh(Duration.ofSeconds(5));
		List<String> addresses = this.masters.addresses();
		addresses.stream().filter((address) -> !this.sessions.containsKey(address)).forEach(this::connect);
		List<CompletableFuture<Void>> again = new ArrayList<>();
		for (Map.Entry<Channel, Subscribed> each : List.copyOf(this.wanted.entrySet())) {
			Subscribed known = each.getValue();
			RelaySession session = session(each.getKey());
			boolean right = session != null && Objects.equals(known.session, session)
					&& !known.answer.isCompletedExceptionally();
			if (!right) {
				this.lost |= known.isConfirmed();
				if (session != null) {
					again.add(ask(each.getKey()));
				}
				else {
					this.masters.refresh(Duration.ofMillis(200));
				}
			}
		}
		if (this.lost && !again.isEmpty()) {
			CompletableFuture<Void> all = CompletableFuture.allOf(again.toArray(CompletableFuture[]::new));
			all.handleAsync((done, failure) -> {
				healed(again.size(), failure);
				return null;
			}, this.thread).exceptionally((failure) -> null);
		}
		this.sessions.forEach((address, session) -> {
			if (!addresses.contains(address) && this.wanted.values().stream().noneMatch((s) -> s.session == session)) {
				this.sessions.remove(address, session);
				session.closeSoon();
			}
		});
	}

	/** Messages of all that could not be confirmed are repaired when it can. */
	private void healed(int channels, @Nullable Throwable failure) {
		if (failure == null && this.wanted.values().stream().allMatch((each) -> each.answer.isDone())) {
			this.lost = this.wanted.values().stream().anyMatch((each) -> each.answer.isCompletedExceptionally());
		}
		logger.info("The relay has subscribed to {} channels again", channels);
		this.announcements.onReconnected();
	}

	private void connect(String address) {
		if (this.connecting.containsKey(address)) {
			return;
		}
		CompletionStage<Void> opened = this.masters.client()
			.connectPubSubAsync(ByteArrayCodec.INSTANCE, this.masters.uri(address))
			.thenAcceptAsync((connection) -> {
				opened(address, connection);
				lookSoon();
			}, this.thread);
		this.connecting.put(address, opened);
		opened.whenComplete((done, failure) -> this.thread.execute(() -> this.connecting.remove(address)));
	}

	private void ping() {
		this.sessions.forEach((address, session) -> {
			CompletableFuture<String> pong = session.ping();
			this.thread.after(this.timeout, () -> {
				if (!pong.isDone()) {
					ended(address, session);
				}
			});
		});
	}

	/** Where a channel is subscribed to, and the shard's answer. */
	private record Subscribed(@Nullable RelaySession session, CompletableFuture<Void> answer) {

		/** Whether a session that is open was asked and has not refused. */
		boolean isInForce() {
			return this.session != null && this.session.isOpen() && !this.answer.isCompletedExceptionally();
		}

		boolean isConfirmed() {
			return this.answer.isDone() && !this.answer.isCompletedExceptionally();
		}

	}

}

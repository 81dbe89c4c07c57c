package dev.realtime.relay.redis;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.loop.Loop;
import dev.realtime.redis.RedisAwayException;
import dev.realtime.redis.RedisDiagnosis;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisRefusedException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one {@link RelaySession} alive, and in it a subscription for every channel that
 * is wanted. Which channels bring a topic or a pattern is what {@link Carriers} says.
 * Everything but {@link #isConnected} and {@link #close} runs on the relay's thread, so
 * its state needs no locks.
 *
 * <pre>
 * start → LISTENING ── lost, or no answer to a ping ──→ AWAY ── connected ──→ RESTORING
 *             ↑                                          ↑                     │     │
 *             │                                          └──────── lost ───────┘     │
 *             └──── all that is wanted is confirmed, then onReconnected ─────────────┘
 * </pre>
 *
 * A lost session is closed, never revived by Lettuce: what is wanted is asked for again
 * in a new one, so nothing rests on what was confirmed to an older connection.
 */
final class RelayKeeper implements Keeper {

	private static final Logger logger = LoggerFactory.getLogger(RelayKeeper.class);

	private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

	private final RedisClient client;

	private final RedisKeys keys;

	private final Loop thread;

	private final Duration timeout;

	private final Duration pingInterval;

	private final Announcements announcements;

	/** What is to be done before anybody hears that the connection is back. */
	private final Runnable restoring;

	private final Carriers carriers;

	/** What is subscribed to, with its confirmation in the present session. */
	private final Map<Channel, CompletableFuture<Void>> wanted = new HashMap<>();

	private Duration pause = FIRST_PAUSE;

	/** Whether another attempt to connect is scheduled. */
	private boolean connecting;

	private volatile @Nullable RelaySession session;

	private volatile boolean restored;

	/** Why the last attempt to connect failed. */
	private volatile @Nullable String away;

	/** What Redis refuses to subscribe to. */
	private final Refusals refusals = new Refusals();

	private volatile boolean closed;

	RelayKeeper(RedisClient client, RedisKeys keys, Loop thread, Duration timeout, Duration pingInterval,
			Announcements announcements, Runnable restoring) {
		this.client = client;
		this.keys = keys;
		this.thread = thread;
		this.timeout = timeout;
		this.pingInterval = pingInterval;
		this.announcements = announcements;
		this.restoring = restoring;
		this.carriers = new Carriers(keys);
	}

	/** Whether everything that is wanted was subscribed on a connection that is open. */
	@Override
	public boolean isConnected() {
		RelaySession current = this.session;
		return this.restored && current != null && current.isOpen();
	}

	@Override
	public @Nullable String problem() {
		return isConnected() ? this.refusals.first() : this.away;
	}

	@Override
	public void start() {
		open();
		this.carriers.always().forEach((channel) -> ask(channel).exceptionally((failure) -> refused(channel, failure)));
		this.restored = true;
		this.thread.every(this.pingInterval, this::check);
	}

	@Override
	public void want(Channel channel, CompletableFuture<Void> confirmed) {
		this.announcements.want(channel);
		CompletableFuture<?>[] answers = this.carriers.want(channel)
			.stream()
			.map(this::answer)
			.toArray(CompletableFuture[]::new);
		CompletionStage<?> all = (answers.length == 1) ? answers[0] : CompletableFuture.allOf(answers);
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
		CompletableFuture<Void> answer = this.wanted.get(channel);
		RelaySession current = this.session;
		if (answer == null || answer.isCompletedExceptionally() || current == null || !current.isOpen()) {
			return ask(channel);
		}
		return answer;
	}

	@Override
	public void unwant(Channel channel) {
		this.announcements.unwant(channel);
		RelaySession current = this.session;
		for (Channel carrier : this.carriers.unwant(channel)) {
			this.refusals.none(carrier);
			if (this.wanted.remove(carrier) != null && current != null) {
				carrier.unsubscribe(current, this.keys);
			}
		}
	}

	/** Any thread; blocks 1 s at most. */
	@Override
	public void close() {
		this.closed = true;
		RelaySession current = this.session;
		if (current != null) {
			current.close(this.thread.environment());
		}
	}

	private CompletableFuture<Void> ask(Channel channel) {
		RelaySession current = this.session;
		CompletableFuture<Void> answer = (current != null && current.isOpen()) ? channel.subscribe(current, this.keys)
				: CompletableFuture.failedFuture(new RedisAwayException("SUBSCRIBE"));
		CompletionStage<Void> unused = answer.whenComplete((done, failure) -> {
			if (failure instanceof RedisRefusedException) {
				this.refusals.refused(channel, failure);
			}
			else if (failure == null) {
				this.refusals.none(channel);
				if (this.session == current) {
					this.announcements.confirmed(channel);
				}
			}
		});
		this.wanted.put(channel, answer);
		return answer;
	}

	private void open() {
		RelaySession opened = RelaySession.open(this.client, this.announcements, this::onLost);
		this.session = opened;
		if (this.closed) {
			opened.close(this.thread.environment());
		}
	}

	/** On the I/O thread. */
	private void onLost(RelaySession lost) {
		this.thread.execute(() -> replace(lost));
	}

	private void replace(RelaySession lost) {
		if (this.session == lost && !this.closed) {
			logger.warn("The relay lost its connection to Redis; {} channels are subscribed again on a new connection",
					this.wanted.size());
			away(lost);
			connect();
		}
	}

	private void away(RelaySession lost) {
		this.session = null;
		this.restored = false;
		this.wanted
			.replaceAll((channel, answer) -> CompletableFuture.failedFuture(new RedisAwayException("SUBSCRIBE")));
		this.announcements.nothingConfirmed();
		this.thread.contain(() -> lost.close(this.thread.environment()));
	}

	private void connect() {
		this.connecting = false;
		if (this.closed) {
			return;
		}
		try {
			open();
			restore();
		}
		catch (RuntimeException ex) {
			logger.debug("The relay cannot connect yet", ex);
			away(RedisDiagnosis.of(ex));
			connectLater();
		}
		catch (Error ex) {
			this.thread.failed(ex);
			connectLater();
		}
	}

	private void away(@Nullable String why) {
		if (why != null && !why.equals(this.away)) {
			logger.warn("The relay cannot connect to Redis: {}. Trying again", why);
		}
		this.away = why;
	}

	private void connectLater() {
		RelaySession unusable = this.session;
		if (unusable != null) {
			away(unusable);
		}
		if (!this.closed) {
			long millis = this.pause.toMillis();
			long jitter = this.thread.environment().random().nextLong(millis / 2 + 1);
			this.thread.after(Duration.ofMillis(millis + jitter), this::connect);
			this.connecting = true;
			this.pause = Duration.ofMillis(Math.min(LONGEST_PAUSE.toMillis(), millis * 2));
		}
	}

	/**
	 * A server that takes subscriptions while it loads its data does not count as back.
	 */
	private void restore() {
		RelaySession current = this.session;
		if (current != null) {
			CompletionStage<String> pong = current.ping();
			pong.whenCompleteAsync((done, failure) -> restore(current, failure), this.thread);
		}
	}

	private void restore(RelaySession current, @Nullable Throwable silence) {
		if (this.session != current) {
			return;
		}
		if (silence != null && RedisDiagnosis.explained(RedisLink.unwrap(silence), "PING",
				null) instanceof RedisRefusedException refused && !refused.isPermission()) {
			away(refused.getMessage());
			connectLater();
			return;
		}
		CompletableFuture<?>[] answers = List.copyOf(this.wanted.keySet())
			.stream()
			.map((channel) -> ask(channel).exceptionally((failure) -> refused(channel, failure)))
			.toArray(CompletableFuture[]::new);
		CompletionStage<Void> all = CompletableFuture.allOf(answers);
		all.whenCompleteAsync((done, failure) -> restored(current), this.thread);
	}

	/** Channels that Redis refuses do not keep the others from being announced. */
	private void restored(@Nullable RelaySession by) {
		if (by != null && this.session == by && by.isOpen() && !this.restored) {
			this.thread.contain(this.restoring);
			this.restored = true;
			this.pause = FIRST_PAUSE;
			this.away = null;
			logger.info("The relay is connected to Redis again");
			this.announcements.onReconnected();
		}
	}

	/**
	 * From time to time: is the connection alive, and is anything not subscribed?
	 * Whatever an error has left undone is done here.
	 */
	private void check() {
		RelaySession current = this.session;
		if (current == null) {
			if (!this.connecting) {
				connect();
			}
			return;
		}
		CompletableFuture<String> pong = current.ping();
		this.thread.after(this.timeout, () -> {
			if (!pong.isDone()) {
				replace(current);
			}
		});
		if (!this.restored) {
			restore();
			return;
		}
		for (Channel channel : List.copyOf(this.wanted.keySet())) {
			CompletableFuture<Void> answer = this.wanted.get(channel);
			if (answer != null && answer.isCompletedExceptionally()) {
				ask(channel).exceptionally((failure) -> refused(channel, failure));
			}
		}
	}

	private static @Nullable Void refused(Channel channel, Throwable failure) {
		if (failure instanceof RedisCommandExecutionException) {
			logger.warn("Redis refuses the subscription of \"{}\": {}", channel, failure.getMessage());
		}
		return null;
	}

}

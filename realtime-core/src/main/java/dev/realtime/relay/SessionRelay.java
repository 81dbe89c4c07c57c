package dev.realtime.relay;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.Map;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.codec.MessageCodec;
import dev.realtime.codec.SignalCodec;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import org.jspecify.annotations.Nullable;

/**
 * A relay over an engine that has sessions: keeps one open, and in it everything that is
 * subscribed to (see {@link SessionKeeper}). The engine's adapter is a
 * {@link RelaySession.Opener}. Not meant for applications.
 * <p>
 * A thread of its own keeps the session; the listener is called there for
 * {@code onReconnected}, and on the engine's thread for messages.
 */
public final class SessionRelay implements Relay {

	private final String engine;

	private final Loop thread;

	private final Incoming incoming;

	private final LateAnnouncements late;

	private final SessionKeeper keeper;

	/** The stages that callers wait for. */
	private final Map<Object, CompletableFuture<Void>> waitedFor = new ConcurrentHashMap<>();

	/**
	 * A relay that is not connected yet.
	 * @param engine its name in sentences, such as NATS
	 * @param timeout how long a confirmation may take
	 * @param checkInterval how often the connection is asked for life
	 * @param loops makes the relay's thread
	 */
	public SessionRelay(String engine, RelaySession.Opener opener, Duration timeout, Duration checkInterval,
			Loops loops) {
		this.engine = engine;
		this.incoming = new Incoming(loops.environment());
		this.late = new LateAnnouncements(loops.environment());
		this.thread = loops.loop("realtime-relay");
		this.keeper = new SessionKeeper(engine, opener, this.incoming, this.late, this.thread, timeout, checkInterval);
	}

	/**
	 * {@inheritDoc}
	 * @throws RelayUnavailableException when the engine is away or refuses this node
	 * @throws IllegalStateException when the relay is closed
	 */
	@Override
	public void start(Listener listener) {
		this.incoming.start(listener);
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

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		return subscribe(Subscription.of(topic));
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		return unsubscribe(Subscription.of(topic));
	}

	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		return subscribe(Subscription.of(pattern));
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return unsubscribe(Subscription.of(pattern));
	}

	/**
	 * {@inheritDoc}
	 * <p>
	 * If it fails, the topic's last message is announced later, when the engine takes
	 * messages again.
	 */
	@Override
	public CompletionStage<Void> announce(TopicMessage message) {
		byte[] bytes = MessageCodec.announcement(message);
		RelaySession session = this.keeper.session();
		boolean noted = session != null && !session.confirmsEachPublish();
		long round = this.late.round();
		if (noted) {
			this.late.sent(message, bytes);
		}
		CompletionStage<Void> stage = publish(session, message.topic(), bytes).whenComplete((done, failure) -> {
			if (failure != null) {
				this.late.failed(message, bytes);
			}
		});
		if (noted) {
			this.late.sentSince(round, message, bytes);
		}
		return stage;
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		return publish(this.keeper.session(), signal.topic(), SignalCodec.bytes(signal));
	}

	@Override
	public boolean isConnected() {
		return this.keeper.isConnected();
	}

	@Override
	public void close() {
		this.thread.close();
		this.waitedFor.values().forEach(SessionRelay::closed);
		this.keeper.close();
	}

	private CompletionStage<Void> subscribe(Subscription subscription) {
		CompletableFuture<Void> confirmed = waitedFor();
		this.thread.execute(() -> this.keeper.want(subscription, confirmed));
		if (!isConnected()) {
			confirmed.completeExceptionally(this.keeper.away());
		}
		return confirmed;
	}

	/** What arrives before the thread's turn is not delivered any more. */
	private CompletionStage<Void> unsubscribe(Subscription subscription) {
		this.incoming.remove(subscription);
		this.thread.execute(() -> this.keeper.unwant(subscription));
		return CompletableFuture.completedFuture(null);
	}

	private CompletionStage<Void> publish(@Nullable RelaySession session, Topic topic, byte[] bytes) {
		if (session == null) {
			return CompletableFuture.failedFuture(this.keeper.away());
		}
		try {
			return session.publish(topic, bytes);
		}
		catch (Throwable ex) {
			if (ex instanceof Error) {
				this.thread.failed(ex);
			}
			return CompletableFuture
				.failedFuture(new RelayUnavailableException(this.engine + " does not accept a message: " + ex, ex));
		}
	}

	/** A stage that fails when the relay is closed before it is complete. */
	private CompletableFuture<Void> waitedFor() {
		CompletableFuture<Void> stage = new CompletableFuture<>();
		Object key = new Object();
		this.waitedFor.put(key, stage);
		var unused = stage.whenComplete((done, failure) -> this.waitedFor.remove(key));
		if (this.thread.isClosed()) {
			closed(stage);
		}
		return stage;
	}

	private static void closed(CompletableFuture<Void> stage) {
		stage.completeExceptionally(new IllegalStateException("The relay is closed"));
	}

}

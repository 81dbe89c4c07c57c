package dev.realtime.relay;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * A relay that reaches this node only. It calls the listener on the announcing thread,
 * one message at a time for each topic; what a listener throws is logged and goes no
 * further. Stages are complete when they are returned.
 */
public final class LoopbackRelay implements Relay {

	/** The topics that are wanted, each with the lock of its turn. */
	private final Map<Topic, Object> wanted = new ConcurrentHashMap<>();

	private final Set<TopicPattern> patterns = ConcurrentHashMap.newKeySet();

	/** The turn of topics that are wanted by a pattern alone. */
	private final Object patternTurn = new Object();

	private final ListenerFailures failures;

	private volatile @Nullable Listener listener;

	/** A relay that is not started. */
	public LoopbackRelay() {
		this(Environment.system());
	}

	/**
	 * A relay that is not started.
	 * @param environment decides how often failures are logged
	 */
	public LoopbackRelay(Environment environment) {
		this.failures = new ListenerFailures(environment);
	}

	@Override
	public void start(Listener listener) {
		this.listener = listener;
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		if (this.listener == null) {
			return notStarted();
		}
		this.wanted.computeIfAbsent(topic, (key) -> new Object());
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		this.wanted.remove(topic);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		if (this.listener == null) {
			return notStarted();
		}
		this.patterns.add(pattern);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		this.patterns.remove(pattern);
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> announce(TopicMessage message) {
		Object turn = this.wanted.get(message.topic());
		if (turn == null && isWantedByPattern(message.topic())) {
			turn = this.patternTurn;
		}
		inTurn(turn, message.topic(), (listener) -> listener.onMessage(message));
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		inTurn(this.wanted.get(signal.topic()), signal.topic(), (listener) -> listener.onSignal(signal));
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public boolean isConnected() {
		return this.listener != null;
	}

	@Override
	public void close() {
		this.listener = null;
		this.wanted.clear();
		this.patterns.clear();
	}

	/** Returns whether this node is subscribed to the topic by its name. */
	public boolean isWanted(Topic topic) {
		return this.wanted.containsKey(topic);
	}

	/** Returns whether this node is subscribed to the topic, by its name or a pattern. */
	public boolean wants(Topic topic) {
		return isWanted(topic) || isWantedByPattern(topic);
	}

	private boolean isWantedByPattern(Topic topic) {
		for (TopicPattern pattern : this.patterns) {
			if (pattern.matches(topic)) {
				return true;
			}
		}
		return false;
	}

	private static CompletionStage<Void> notStarted() {
		return CompletableFuture.failedFuture(new IllegalStateException("The relay is not started or is closed"));
	}

	private void inTurn(@Nullable Object turn, Topic topic, Consumer<Listener> call) {
		Listener listener = this.listener;
		if (listener == null || turn == null) {
			return;
		}
		synchronized (turn) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				this.failures.onMessage(topic, ex);
			}
		}
	}

}

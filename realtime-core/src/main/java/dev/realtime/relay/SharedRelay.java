package dev.realtime.relay;

import java.util.concurrent.CompletionStage;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * One relay for several brokers of a node, so that the node has one connection and gets
 * each message once. Each of them starts and closes it; the first one does it for all.
 * All of them have the same listener.
 */
public final class SharedRelay implements Relay {

	private final Relay relay;

	@GuardedBy("this")
	private @Nullable Listener listener;

	/** Shares the given relay, which is not started yet. */
	public SharedRelay(Relay relay) {
		this.relay = relay;
	}

	/**
	 * {@inheritDoc}
	 * @throws IllegalStateException when it was started for another listener
	 */
	@Override
	public synchronized void start(Listener listener) {
		if (this.listener == null) {
			this.relay.start(listener);
			this.listener = listener;
		}
		else if (this.listener != listener) {
			throw new IllegalStateException("The relay already has another listener");
		}
	}

	@Override
	public synchronized void startAnnouncing() {
		if (this.listener == null) {
			this.relay.startAnnouncing();
			this.listener = Listener.none();
		}
		else if (this.listener != Listener.none()) {
			throw new IllegalStateException("The relay already has a listener");
		}
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		return this.relay.subscribe(topic);
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		return this.relay.unsubscribe(topic);
	}

	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		return this.relay.subscribe(pattern);
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return this.relay.unsubscribe(pattern);
	}

	@Override
	public CompletionStage<Void> announce(TopicMessage message) {
		return this.relay.announce(message);
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		return this.relay.signal(signal);
	}

	@Override
	public boolean isConnected() {
		return this.relay.isConnected();
	}

	@Override
	public @Nullable String problem() {
		return this.relay.problem();
	}

	@Override
	public void close() {
		this.relay.close();
	}

}

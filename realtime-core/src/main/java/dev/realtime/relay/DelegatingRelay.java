package dev.realtime.relay;

import java.util.concurrent.CompletionStage;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * A relay in front of another one: every call goes there unless a subclass overrides it,
 * so that no call of the interface, and none that is added to it, is forgotten.
 */
abstract class DelegatingRelay implements Relay {

	private final Relay relay;

	DelegatingRelay(Relay relay) {
		this.relay = relay;
	}

	@Override
	public void start(Listener listener) {
		this.relay.start(listener);
	}

	@Override
	public void startAnnouncing() {
		this.relay.startAnnouncing();
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

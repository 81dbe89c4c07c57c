package dev.realtime.broker;

import java.util.concurrent.CompletionStage;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicy;
import dev.realtime.log.TopicLog;
import dev.realtime.relay.Relay;
import dev.realtime.sequence.SequenceService;
import org.jspecify.annotations.Nullable;

/**
 * A broker in front of another one: every call goes there unless a subclass overrides it,
 * so that no call of the interface, and none that is added to it, is forgotten. A
 * subclass that overrides {@link #start} overrides {@link #startPublishing} if a node
 * that only publishes needs the same.
 */
public abstract class DelegatingBroker implements Broker {

	/** Returns the broker that calls go to; any thread, must not block. */
	protected abstract Broker delegate();

	@Override
	public void start(Relay.Listener listener) {
		delegate().start(listener);
	}

	@Override
	public void startPublishing() {
		delegate().startPublishing();
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy) {
		return delegate().publish(publication, policy);
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		return delegate().signal(signal);
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		return delegate().subscribe(topic);
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		return delegate().unsubscribe(topic);
	}

	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		return delegate().subscribe(pattern);
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return delegate().unsubscribe(pattern);
	}

	@Override
	public TopicLog log() {
		return delegate().log();
	}

	@Override
	public SequenceService sequence() {
		return delegate().sequence();
	}

	@Override
	public boolean isConnected() {
		return delegate().isConnected();
	}

	@Override
	public boolean isUsable() {
		return delegate().isUsable();
	}

	@Override
	public @Nullable String problem() {
		return delegate().problem();
	}

	@Override
	public <T extends Broker> @Nullable T unwrap(Class<T> type) {
		T self = Broker.super.unwrap(type);
		return (self != null) ? self : delegate().unwrap(type);
	}

	@Override
	public void close() {
		delegate().close();
	}

}

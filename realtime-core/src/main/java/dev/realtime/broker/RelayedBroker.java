package dev.realtime.broker;

import java.util.concurrent.CompletionStage;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.relay.TopicTransport;

/** A broker whose topics another transport carries: a relay, or a broker in its turn. */
public abstract class RelayedBroker implements Broker {

	/** What carries messages and signals. */
	protected abstract TopicTransport transport();

	@Override
	public final CompletionStage<Void> signal(Signal signal) {
		return transport().signal(signal);
	}

	@Override
	public final CompletionStage<Void> subscribe(Topic topic) {
		return transport().subscribe(topic);
	}

	@Override
	public final CompletionStage<Void> unsubscribe(Topic topic) {
		return transport().unsubscribe(topic);
	}

	@Override
	public final CompletionStage<Void> subscribe(TopicPattern pattern) {
		return transport().subscribe(pattern);
	}

	@Override
	public final CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return transport().unsubscribe(pattern);
	}

}

package dev.realtime.spring.testing;

import java.util.concurrent.CompletionStage;

import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.log.TopicLog;
import dev.realtime.relay.Relay;
import dev.realtime.sequence.SequenceService;

/** A broker that has a log and nothing else. */
public final class FakeBroker implements Broker {

	private final TopicLog log;

	/** Gives the log away. */
	public FakeBroker(TopicLog log) {
		this.log = log;
	}

	@Override
	public void start(Relay.Listener listener) {
		// nothing to start
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		throw new UnsupportedOperationException();
	}

	@Override
	public TopicLog log() {
		return this.log;
	}

	@Override
	public SequenceService sequence() {
		throw new UnsupportedOperationException();
	}

	@Override
	public boolean isConnected() {
		return true;
	}

	@Override
	public void close() {
		// nothing to close
	}

}

package dev.realtime.bench.journey;

import java.util.concurrent.CompletionStage;

import dev.realtime.broker.DelegatingBroker;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.relay.Relay;

/**
 * A broker that stamps what passes another. One thread publishes, on one topic and
 * nothing else does, so the number of a publish is that of its message.
 */
final class StampingBroker extends DelegatingBroker {

	private final Broker broker;

	private final Stamps stamps;

	private long published;

	StampingBroker(Broker broker, Stamps stamps) {
		this.broker = broker;
		this.stamps = stamps;
	}

	@Override
	public void start(Relay.Listener listener) {
		this.broker.start(new Relay.Listener() {

			@Override
			public void onMessage(TopicMessage message) {
				StampingBroker.this.stamps.relayed(message.seq());
				listener.onMessage(message);
				StampingBroker.this.stamps.ordered(message.seq());
			}

			@Override
			public void onSignal(Signal signal) {
				listener.onSignal(signal);
			}

			@Override
			public void onReconnected() {
				listener.onReconnected();
			}

		});
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy) {
		this.stamps.published(++this.published);
		return this.broker.publish(publication, policy).whenComplete((receipt, failure) -> {
			if (receipt != null) {
				this.stamps.stored(receipt.position().seq());
			}
		});
	}

	@Override
	protected Broker delegate() {
		return this.broker;
	}

}

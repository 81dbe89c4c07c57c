package dev.realtime.simulation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import dev.realtime.broker.RelayedBroker;
import dev.realtime.relay.TopicTransport;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;
import dev.realtime.sequence.SequenceService;
import org.jspecify.annotations.Nullable;

/**
 * A node's broker over the {@link SimulatedStore}: it stores, then announces through a
 * relay, as the brokers over Redis and databases do with a relay of another kind.
 */
final class SimulatedBroker extends RelayedBroker {

	private final StoreConnection store;

	private final Relay relay;

	private final TopicLog log = new Log();

	SimulatedBroker(SimulatedStore store, Relay relay, Loops loops) {
		this.store = new StoreConnection(store, loops);
		this.relay = relay;
	}

	StoreConnection store() {
		return this.store;
	}

	@Override
	public void start(Relay.Listener listener) {
		this.relay.start(listener);
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy) {
		CompletableFuture<PublishReceipt> receipt = new CompletableFuture<>();
		CompletionStage<PublishReceipt> unused = this.store.call((server) -> server.publish(publication, policy))
			.whenComplete((stored, failure) -> {
				if (failure == null) {
					if (!stored.duplicate()) {
						announce(publication, stored);
					}
					receipt.complete(stored);
				}
				else {
					receipt.completeExceptionally(failed(publication.topic(), failure));
				}
			});
		return receipt;
	}

	private void announce(Publication publication, PublishReceipt stored) {
		Duration timeToLive = publication.timeToLive();
		long expiresAt = (timeToLive != null) ? stored.timestamp() + timeToLive.toMillis() : 0;
		CompletionStage<Void> unused = this.relay.announce(new TopicMessage(stored.topic(), stored.position(),
				stored.timestamp(), publication.id(), publication.content(), publication.excludedSession(), expiresAt));
	}

	private static PublishException failed(Topic topic, Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		if (cause instanceof PublishException known) {
			return known;
		}
		return (cause instanceof StoreConnection.NotSentException)
				? PublishException.refused(topic, String.valueOf(cause.getMessage()), cause)
				: PublishException.unknown(topic, String.valueOf(cause.getMessage()), cause);
	}

	@Override
	protected TopicTransport transport() {
		return this.relay;
	}

	@Override
	public TopicLog log() {
		return this.log;
	}

	@Override
	public SequenceService sequence() {
		return new SequenceService() {
			@Override
			public CompletionStage<Position> next(Topic topic) {
				return SimulatedBroker.this.store.call((server) -> server.memory().sequence().next(topic));
			}

			@Override
			public CompletionStage<Position> current(Topic topic) {
				return SimulatedBroker.this.store.call((server) -> server.memory().sequence().current(topic));
			}
		};
	}

	@Override
	public boolean isConnected() {
		return this.store.isConnected() && this.relay.isConnected();
	}

	@Override
	public void close() {
		this.relay.close();
		this.store.close();
	}

	private final class Log implements TopicLog {

		@Override
		public CompletionStage<List<Position>> heads(List<Topic> topics) {
			return SimulatedBroker.this.store.call((server) -> server.memory().log().heads(topics));
		}

		@Override
		public CompletionStage<List<Position>> peek(List<Topic> topics) {
			return SimulatedBroker.this.store.call((server) -> server.memory().log().peek(topics));
		}

		@Override
		public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
			return SimulatedBroker.this.store.call((server) -> server.memory().log().read(topic, after, limit));
		}

		@Override
		public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
			return SimulatedBroker.this.store.call((server) -> server.memory().log().readBefore(topic, before, limit));
		}

	}

}

package dev.realtime.broker;

import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import dev.realtime.relay.TopicTransport;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.MemoryTopicLog;
import dev.realtime.log.TopicLog;
import dev.realtime.loop.Environment;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.relay.Relay;
import dev.realtime.sequence.MemorySequence;
import dev.realtime.sequence.SequenceService;
import org.jspecify.annotations.Nullable;

/**
 * A broker in the memory of one node, for development and tests: the same rules, nothing
 * outlives the process. The listener is called on publishers' threads. Ids are remembered
 * for the policy's window, at most {@value MemoryStripe#MAX_IDS} of each 64th of the
 * topics.
 */
public final class MemoryBroker extends RelayedBroker {

	private static final int DESKS = 64;

	private final Clock clock;

	private final LoopbackRelay relay;

	private final MemorySequence sequence;

	private final MemoryTopicLog log;

	private final MemoryStripe[] desks;

	/** An empty broker that takes its timestamps from the given clock. */
	public MemoryBroker(Clock clock) {
		this(clock, Environment.system());
	}

	/** An empty broker that takes its timestamps and epochs from the environment. */
	public MemoryBroker(Environment environment) {
		this(environment.clock(), environment);
	}

	private MemoryBroker(Clock clock, Environment environment) {
		this.clock = clock;
		this.relay = new LoopbackRelay(environment);
		this.desks = Stream.generate(() -> new MemoryStripe(this.relay::announce))
			.limit(DESKS)
			.toArray(MemoryStripe[]::new);
		this.sequence = new MemorySequence(MemorySequence.DEFAULT_MAX_TOPICS, this.relay::isWanted, this::forgotten,
				environment.secureRandom());
		this.log = new MemoryTopicLog(new MemoryTopicLog.Numbers() {
			@Override
			public Position take(Topic topic) {
				return MemoryBroker.this.sequence.take(topic);
			}

			@Override
			public Position latest(Topic topic) {
				return MemoryBroker.this.sequence.latest(topic);
			}

			@Override
			public @Nullable Position known(Topic topic) {
				return MemoryBroker.this.sequence.known(topic);
			}
		}, clock, environment.secureRandom());
	}

	@Override
	public void start(Relay.Listener listener) {
		this.relay.start(listener);
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy) {
		Topic topic = publication.topic();
		if (!isConnected()) {
			return CompletableFuture
				.failedFuture(PublishException.refused(topic, "the broker is not started or is closed", null));
		}
		MemoryStripe desk = this.desks[Math.floorMod(topic.hashCode(), DESKS)];
		long now = this.clock.millis();
		try {
			return CompletableFuture.completedFuture(
					desk.publish(topic, publication.idempotencyKey(), now, policy.idempotencyWindow().toMillis(),
							() -> this.log.append(topic, policy, (position) -> message(publication, position, now))));
		}
		catch (PublishException ex) {
			return CompletableFuture.failedFuture(ex);
		}
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
		return this.sequence;
	}

	@Override
	public boolean isConnected() {
		return this.relay.isConnected();
	}

	@Override
	public void close() {
		this.relay.close();
	}

	private void forgotten(Topic topic, String epoch) {
		this.log.forget(topic, epoch);
	}

	private static TopicMessage message(Publication publication, Position position, long now) {
		long expiresAt = (publication.timeToLive() != null) ? now + publication.timeToLive().toMillis() : 0;
		return new TopicMessage(publication.topic(), position, now, publication.id(), publication.content(),
				publication.excludedSession(), expiresAt);
	}

}

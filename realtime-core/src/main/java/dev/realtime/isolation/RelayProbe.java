package dev.realtime.isolation;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.Epochs;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.loop.Environment;
import dev.realtime.node.RealtimeNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that the relay works: sends signals to this node itself. A connection may look
 * open for a long time after the relay has gone. Safe for any number of threads.
 */
final class RelayProbe {

	private static final Logger logger = LoggerFactory.getLogger(RelayProbe.class);

	private static final String TYPE = "probe";

	private final RealtimeNode node;

	private final Environment environment;

	private final Topic topic;

	/** Names this life of this node: another one might have its id. */
	private final String life;

	private final long freshNanos;

	/** When the last signal that has come back was sent. */
	private final AtomicLong provedNanos;

	/**
	 * A probe that has proved nothing yet.
	 * @param fresh how long a proof counts
	 */
	RelayProbe(RealtimeNode node, Duration fresh, Environment environment) {
		this.environment = environment;
		this.node = node;
		this.life = Epochs.next(environment.secureRandom());
		this.topic = Topic.of("_fleet.probe." + this.life);
		this.freshNanos = fresh.toNanos();
		this.provedNanos = new AtomicLong(this.environment.nanoTime() - this.freshNanos);
	}

	/** Listens to the signals; called once. */
	void start() {
		ignore(this.node.listen(this.topic, this::onSignal));
	}

	/** Sends a signal on its way, never blocks. */
	void send() {
		ignore(this.node
			.signal(new Signal(this.topic, TYPE, this.life, Long.toString(this.environment.nanoTime()), null)));
	}

	/** Whether a signal that was sent a moment ago has come back. */
	boolean isFresh(long nowNanos) {
		return nowNanos - this.provedNanos.get() < this.freshNanos;
	}

	/** On the relay's thread. */
	private void onSignal(Signal signal) {
		String sent = signal.payload();
		if (this.life.equals(signal.user()) && sent != null) {
			long sentNanos = Long.parseLong(sent);
			this.provedNanos.accumulateAndGet(sentNanos, (known, next) -> (next - known > 0) ? next : known);
		}
	}

	private static void ignore(CompletionStage<Void> stage) {
		CompletionStage<Void> unused = stage.whenComplete((done, failure) -> {
			if (failure != null) {
				logger.trace("The relay did not accept a probe", failure);
			}
		});
	}

}

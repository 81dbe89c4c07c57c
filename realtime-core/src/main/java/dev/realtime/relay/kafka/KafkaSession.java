package dev.realtime.relay.kafka;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.Topic;
import dev.realtime.loop.Environment;
import dev.realtime.relay.RelaySession;
import dev.realtime.relay.Subscription;
import org.apache.kafka.clients.admin.Admin;

/**
 * Kafka's three clients: the consumer of the {@link Reader}, the producer of the
 * {@link Announcements}, and the one that the {@link Watch} asks with. A subscription is
 * in force at once, since everything is read in any case.
 */
final class KafkaSession implements RelaySession {

	/** Confirmations that follow each other closely ask Kafka once. */
	private static final long PROVEN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final Admin admin;

	private final Reader reader;

	private final Watch watch;

	private final Announcements announcements;

	private final AtomicBoolean closing = new AtomicBoolean();

	/** When Kafka last answered. */
	private long provenNanos;

	private final Environment environment;

	private volatile boolean lost;

	KafkaSession(Admin admin, Reader reader, Watch watch, Announcements announcements, Environment environment) {
		this.environment = environment;
		this.provenNanos = environment.nanoTime();
		this.admin = admin;
		this.reader = reader;
		this.watch = watch;
		this.announcements = announcements;
	}

	@Override
	public void subscribe(Subscription subscription) {
		// everything is read
	}

	@Override
	public void unsubscribe(Subscription subscription) {
		// what nothing is subscribed to is left out
	}

	@Override
	public void confirm(Duration timeout) throws Exception {
		if (!isOpen()) {
			throw new IllegalStateException("The relay does not read from Kafka any more");
		}
		if (this.environment.nanoTime() - this.provenNanos > PROVEN_NANOS) {
			try {
				this.watch.check(timeout);
			}
			catch (Exception ex) {
				this.lost = true;
				throw ex;
			}
			this.provenNanos = this.environment.nanoTime();
		}
	}

	@Override
	public CompletionStage<Void> publish(Topic topic, byte[] bytes) {
		return this.announcements.publish(topic, bytes);
	}

	@Override
	public boolean isOpen() {
		return !this.closing.get() && !this.lost && this.reader.isReading();
	}

	@Override
	public void close() {
		if (this.closing.compareAndSet(false, true)) {
			this.reader.close();
			this.announcements.close(this.lost ? Duration.ZERO : PATIENCE);
			this.admin.close(Duration.ZERO);
		}
	}

}

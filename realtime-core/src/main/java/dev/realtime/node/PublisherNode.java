package dev.realtime.node;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Signal;
import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.loop.Environment;

/**
 * A process of the fleet that publishes and holds no connections: no hub, no presence,
 * and nothing subscribed on the relay. Owns its broker.
 */
public final class PublisherNode implements FleetMember {

	private enum State {

		NEW, RUNNING, CLOSED

	}

	private final String id;

	private final Broker broker;

	private final TopicPolicies policies;

	private final Duration closing;

	private final Environment environment;

	private final PublishCounts counts;

	@GuardedBy("this")
	private State state = State.NEW;

	/** Calls of {@link #publish} and {@link #signal} without an answer. */
	@GuardedBy("this")
	private int underWay;

	/** Complete when the node is closed and all calls are answered. */
	private final CompletableFuture<Boolean> answered = new CompletableFuture<>();

	/**
	 * Wires a publisher; {@link #start()} starts it.
	 * @param id names it in logs and health
	 * @param closing how long {@link #close()} waits for answers at most
	 */
	public PublisherNode(String id, Broker broker, TopicPolicies policies, Duration closing) {
		this(id, broker, policies, closing, Environment.system());
	}

	/**
	 * Wires a publisher; {@link #start()} starts it.
	 * @param id names it in logs and health
	 * @param closing how long {@link #close()} waits for answers at most
	 * @param environment its source of time
	 */
	public PublisherNode(String id, Broker broker, TopicPolicies policies, Duration closing, Environment environment) {
		this.environment = environment;
		this.counts = new PublishCounts(environment);
		this.id = id;
		this.broker = broker;
		this.policies = policies;
		this.closing = closing;
	}

	/** Connects the broker, blocking up to its connect timeout; idempotent. */
	@Override
	public synchronized void start() {
		if (this.state == State.NEW) {
			this.broker.startPublishing();
			this.state = State.RUNNING;
		}
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public Broker broker() {
		return this.broker;
	}

	@Override
	public synchronized boolean isOpen() {
		return this.state == State.RUNNING;
	}

	@Override
	public long published() {
		return this.counts.published();
	}

	@Override
	public long publishFailures() {
		return this.counts.failures();
	}

	/** Operators' requests reach nodes with connections alone. */
	@Override
	public Publication marked(Publication publication) {
		return publication;
	}

	@Override
	public void noteCommitted() {
		this.counts.committed();
	}

	@Override
	public void onPublished(PublishListener listener) {
		this.counts.listener(listener);
	}

	/** {@inheritDoc} Refused from {@link #close()} on. */
	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication) {
		return this.counts.counted(publication.topic(),
				() -> tracked(() -> this.broker.publish(publication, this.policies.of(publication.topic())),
						() -> PublishException.refused(publication.topic(),
								"this publisher is not started or is closed", null)));
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		return tracked(() -> this.broker.signal(signal),
				() -> new IllegalStateException("This publisher is not started or is closed"));
	}

	/**
	 * Takes no more publications, waits until those under way are answered, and closes
	 * the broker; idempotent. Blocks for the time that was set for it, and 5 s more, at
	 * most. What is not answered by then fails with an unknown outcome.
	 */
	@Override
	public void close() {
		if (begin()) {
			awaitAnswers();
			this.broker.close();
		}
	}

	/** False if it is closed already. */
	private synchronized boolean begin() {
		if (this.state == State.CLOSED) {
			return false;
		}
		this.state = State.CLOSED;
		if (this.underWay == 0) {
			this.answered.complete(true);
		}
		return true;
	}

	private void awaitAnswers() {
		try {
			boolean unused = this.environment.await(this.answered, this.closing);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// what is not answered fails with the broker
		}
	}

	private <T> CompletionStage<T> tracked(Supplier<CompletionStage<T>> call, Supplier<Throwable> closed) {
		synchronized (this) {
			if (this.state != State.RUNNING) {
				return CompletableFuture.failedFuture(closed.get());
			}
			this.underWay++;
		}
		try {
			return call.get().whenComplete((done, failure) -> answered());
		}
		catch (Throwable ex) {
			answered();
			throw ex;
		}
	}

	private synchronized void answered() {
		if (--this.underWay == 0 && this.state == State.CLOSED) {
			this.answered.complete(true);
		}
	}

}

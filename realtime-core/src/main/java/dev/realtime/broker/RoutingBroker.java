package dev.realtime.broker;

import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

import dev.realtime.Position;
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
 * Two brokers behind one door, so that what must last is kept in one and what is soon
 * worth nothing in another. A topic belongs to one of them for good: which one must not
 * change while anybody remembers positions of the topic.
 */
public final class RoutingBroker implements Broker {

	private final Broker durable;

	private final Broker other;

	private final Predicate<Topic> isDurable;

	private final RoutingLog log;

	private final Sequences sequence = new Sequences();

	/**
	 * Routes; owns both brokers.
	 * @param durable keeps the topics that the predicate is true for
	 * @param other keeps the others
	 * @param isDurable which topics are durable; quick, and the same on all nodes
	 */
	public RoutingBroker(Broker durable, Broker other, Predicate<Topic> isDurable) {
		this.durable = durable;
		this.other = other;
		this.isDurable = isDurable;
		this.log = new RoutingLog(durable.log(), other.log(), isDurable);
	}

	@Override
	public void start(Relay.Listener listener) {
		this.durable.start(listener);
		this.other.start(listener);
	}

	@Override
	public void startPublishing() {
		this.durable.startPublishing();
		this.other.startPublishing();
	}

	@Override
	public CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy) {
		return of(publication.topic()).publish(publication, policy);
	}

	@Override
	public CompletionStage<Void> signal(Signal signal) {
		return of(signal.topic()).signal(signal);
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		return of(topic).subscribe(topic);
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		return of(topic).unsubscribe(topic);
	}

	/** A pattern may match topics of either. */
	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		return this.durable.subscribe(pattern).thenCombine(this.other.subscribe(pattern), (one, two) -> null);
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		return this.durable.unsubscribe(pattern).thenCombine(this.other.unsubscribe(pattern), (one, two) -> null);
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
		return this.durable.isConnected() && this.other.isConnected();
	}

	@Override
	public boolean isUsable() {
		return this.durable.isUsable() && this.other.isUsable();
	}

	@Override
	public @Nullable String problem() {
		String problem = this.durable.problem();
		return (problem != null) ? problem : this.other.problem();
	}

	@Override
	public void close() {
		this.durable.close();
		this.other.close();
	}

	private Broker of(Topic topic) {
		return this.isDurable.test(topic) ? this.durable : this.other;
	}

	private final class Sequences implements SequenceService {

		@Override
		public CompletionStage<Position> next(Topic topic) {
			return of(topic).sequence().next(topic);
		}

		@Override
		public CompletionStage<Position> current(Topic topic) {
			return of(topic).sequence().current(topic);
		}

	}

}

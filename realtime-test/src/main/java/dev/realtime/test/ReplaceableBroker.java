package dev.realtime.test;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.broker.Broker;
import dev.realtime.broker.DelegatingBroker;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.loop.Environment;
import dev.realtime.relay.Relay;
import dev.realtime.sequence.SequenceService;
import org.jspecify.annotations.Nullable;

/**
 * The broker of a node that keeps its topics by itself; it can be replaced by an empty
 * one.
 */
final class ReplaceableBroker extends DelegatingBroker {

	private final Environment environment;

	private final Set<Topic> topics = ConcurrentHashMap.newKeySet();

	private final Set<TopicPattern> patterns = ConcurrentHashMap.newKeySet();

	private final TopicLog log = new CurrentLog();

	private final SequenceService sequence = new CurrentSequence();

	private volatile Relay.Listener listener = Relay.Listener.none();

	private volatile MemoryBroker broker;

	ReplaceableBroker(MemoryBroker broker, Environment environment) {
		this.broker = broker;
		this.environment = environment;
	}

	@Override
	protected Broker delegate() {
		return this.broker;
	}

	/** Continues with an empty broker in the place of the current one. */
	void replace() {
		MemoryBroker empty = new MemoryBroker(this.environment);
		empty.start(this.listener);
		for (Topic each : this.topics) {
			CompletionStage<Void> unused = empty.subscribe(each);
		}
		for (TopicPattern each : this.patterns) {
			CompletionStage<Void> unused = empty.subscribe(each);
		}
		MemoryBroker before = this.broker;
		this.broker = empty;
		before.close();
	}

	@Override
	public void start(Relay.Listener listener) {
		this.listener = listener;
		this.broker.start(listener);
	}

	@Override
	public CompletionStage<Void> subscribe(Topic topic) {
		this.topics.add(topic);
		return this.broker.subscribe(topic);
	}

	@Override
	public CompletionStage<Void> unsubscribe(Topic topic) {
		this.topics.remove(topic);
		return this.broker.unsubscribe(topic);
	}

	@Override
	public CompletionStage<Void> subscribe(TopicPattern pattern) {
		this.patterns.add(pattern);
		return this.broker.subscribe(pattern);
	}

	@Override
	public CompletionStage<Void> unsubscribe(TopicPattern pattern) {
		this.patterns.remove(pattern);
		return this.broker.unsubscribe(pattern);
	}

	@Override
	public TopicLog log() {
		return this.log;
	}

	@Override
	public SequenceService sequence() {
		return this.sequence;
	}

	/** The log of the current broker. */
	private final class CurrentLog implements TopicLog {

		@Override
		public CompletionStage<List<Position>> heads(List<Topic> topics) {
			return ReplaceableBroker.this.broker.log().heads(topics);
		}

		@Override
		public CompletionStage<List<Position>> peek(List<Topic> topics) {
			return ReplaceableBroker.this.broker.log().peek(topics);
		}

		@Override
		public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
			return ReplaceableBroker.this.broker.log().read(topic, after, limit);
		}

		@Override
		public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
			return ReplaceableBroker.this.broker.log().readBefore(topic, before, limit);
		}

	}

	/** The numbering of the current broker. */
	private final class CurrentSequence implements SequenceService {

		@Override
		public CompletionStage<Position> next(Topic topic) {
			return ReplaceableBroker.this.broker.sequence().next(topic);
		}

		@Override
		public CompletionStage<Position> current(Topic topic) {
			return ReplaceableBroker.this.broker.sequence().current(topic);
		}

	}

}

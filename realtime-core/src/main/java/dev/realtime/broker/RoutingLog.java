package dev.realtime.broker;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Predicate;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import org.jspecify.annotations.Nullable;

/** Two logs behind one door: see {@link RoutingBroker}. */
final class RoutingLog implements TopicLog {

	private final TopicLog durable;

	private final TopicLog other;

	private final Predicate<Topic> isDurable;

	RoutingLog(TopicLog durable, TopicLog other, Predicate<Topic> isDurable) {
		this.durable = durable;
		this.other = other;
		this.isDurable = isDurable;
	}

	/** Fails as a whole when one of the two does. */
	@Override
	public CompletionStage<List<Position>> heads(List<Topic> topics) {
		return ask(topics, TopicLog::heads);
	}

	@Override
	public CompletionStage<List<Position>> peek(List<Topic> topics) {
		return ask(topics, TopicLog::peek);
	}

	private CompletionStage<List<Position>> ask(List<Topic> topics,
			BiFunction<TopicLog, List<Topic>, CompletionStage<List<Position>>> question) {
		List<Boolean> durable = topics.stream().map(this.isDurable::test).toList();
		List<Topic> here = ofKind(topics, durable, true);
		List<Topic> there = ofKind(topics, durable, false);
		if (there.isEmpty()) {
			return question.apply(this.durable, here);
		}
		if (here.isEmpty()) {
			return question.apply(this.other, there);
		}
		return question.apply(this.durable, here)
			.thenCombine(question.apply(this.other, there),
					(one, two) -> inOrder(durable, one.iterator(), two.iterator()));
	}

	@Override
	public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
		return holding(topic).read(topic, after, limit);
	}

	@Override
	public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
		return holding(topic).readBefore(topic, before, limit);
	}

	@Override
	public TopicLog holding(Topic topic) {
		return this.isDurable.test(topic) ? this.durable : this.other;
	}

	private static List<Topic> ofKind(List<Topic> topics, List<Boolean> durable, boolean kind) {
		List<Topic> some = new ArrayList<>();
		for (int i = 0; i < topics.size(); i++) {
			if (durable.get(i) == kind) {
				some.add(topics.get(i));
			}
		}
		return some;
	}

	private static List<Position> inOrder(List<Boolean> durable, Iterator<Position> one, Iterator<Position> two) {
		return durable.stream().map((each) -> each ? one.next() : two.next()).toList();
	}

}

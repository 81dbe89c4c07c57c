package dev.realtime.region;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import org.jspecify.annotations.Nullable;

/**
 * The log of a region. Only the home of a topic begins a numbering: a subscriber of a
 * silent topic of another region begins before its first message.
 */
final class RegionLog implements TopicLog {

	private final TopicLog log;

	private final RegionOptions options;

	RegionLog(TopicLog log, RegionOptions options) {
		this.log = log;
		this.options = options;
	}

	@Override
	public CompletionStage<List<Position>> heads(List<Topic> topics) {
		List<Topic> copies = topics.stream().filter(this.options::isCopy).toList();
		if (copies.isEmpty()) {
			return this.log.heads(topics);
		}
		List<Topic> others = topics.stream().filter((topic) -> !this.options.isCopy(topic)).toList();
		if (others.isEmpty()) {
			return this.log.peek(copies);
		}
		return this.log.peek(copies).thenCombine(this.log.heads(others), (peeked, heads) -> {
			List<Position> all = new ArrayList<>(topics.size());
			int copy = 0;
			int other = 0;
			for (Topic topic : topics) {
				all.add(this.options.isCopy(topic) ? peeked.get(copy++) : heads.get(other++));
			}
			return all;
		});
	}

	@Override
	public CompletionStage<List<Position>> peek(List<Topic> topics) {
		return this.log.peek(topics);
	}

	@Override
	public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
		return this.log.read(topic, after, limit);
	}

	@Override
	public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
		return this.log.readBefore(topic, before, limit);
	}

}

package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.broker.Broker;
import dev.realtime.log.TopicLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares all feeds with the log, many topics in one round trip (rule 7): after the
 * relay was lost, on a timer, and, while the relay is away and so tells nothing, more
 * often. Where one of several logs is away the topics of the others are compared all the
 * same. One comparison runs at a time; any thread may start it.
 */
final class LogComparison {

	/** How often the log is asked while the relay is away. */
	static final Duration WHILE_AWAY = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(LogComparison.class);

	private static final int HEADS_AT_ONCE = 1_000;

	private final Broker broker;

	private final Collection<TopicFeed> feeds;

	private final AtomicBoolean running = new AtomicBoolean();

	LogComparison(Broker broker, Collection<TopicFeed> feeds) {
		this.broker = broker;
		this.feeds = feeds;
	}

	void startUnlessConnected() {
		if (!this.broker.isConnected()) {
			start();
		}
	}

	/** Also where one is under way, whose answers may be of before. */
	void startAnew() {
		this.running.set(false);
		start();
	}

	void start() {
		if (this.running.compareAndSet(false, true)) {
			Map<TopicLog, List<TopicFeed>> byLog = new LinkedHashMap<>();
			for (TopicFeed feed : this.feeds) {
				if (feed.isOpen()) {
					byLog.computeIfAbsent(this.broker.log().holding(feed.topic()), (log) -> new ArrayList<>())
						.add(feed);
				}
			}
			next(byLog.entrySet().iterator());
		}
	}

	private void next(Iterator<Map.Entry<TopicLog, List<TopicFeed>>> logs) {
		if (logs.hasNext()) {
			Map.Entry<TopicLog, List<TopicFeed>> next = logs.next();
			compare(next.getKey(), next.getValue(), logs);
		}
		else {
			this.running.set(false);
		}
	}

	private void compare(TopicLog log, List<TopicFeed> rest, Iterator<Map.Entry<TopicLog, List<TopicFeed>>> logs) {
		if (rest.isEmpty()) {
			next(logs);
			return;
		}
		List<TopicFeed> some = rest.subList(0, Math.min(HEADS_AT_ONCE, rest.size()));
		var unused = log.heads(some.stream().map(TopicFeed::topic).toList()).whenComplete((heads, failure) -> {
			if (heads == null) {
				logger.debug("Positions could not be compared; the next comparison does it", failure);
				next(logs);
				return;
			}
			for (int i = 0; i < some.size(); i++) {
				some.get(i).onHead(heads.get(i));
			}
			compare(log, rest.subList(some.size(), rest.size()), logs);
		});
	}

}

package dev.realtime.feed;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.realtime.Position;
import dev.realtime.log.TopicLog;
import dev.realtime.loop.Loop;
import org.jspecify.annotations.Nullable;
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

	private final BrokerCalls calls;

	private final Collection<TopicFeed> feeds;

	private final Loop loop;

	/** The comparison under way, null for none. */
	private final AtomicReference<@Nullable Run> running = new AtomicReference<>();

	LogComparison(BrokerCalls calls, Collection<TopicFeed> feeds, Loop loop) {
		this.calls = calls;
		this.feeds = feeds;
		this.loop = loop;
	}

	void startUnlessConnected() {
		if (!this.calls.isConnected()) {
			start(RepairCause.RELAY_AWAY);
		}
	}

	/** Also where one is under way, whose answers may be of before. */
	void startAnew(RepairCause cause) {
		this.running.set(null);
		start(cause);
	}

	void start() {
		start(this.calls.isConnected() ? RepairCause.COMPARISON : RepairCause.RELAY_AWAY);
	}

	private void start(RepairCause cause) {
		Run run = new Run(cause);
		if (this.running.compareAndSet(null, run) && !this.loop.contain(run::begin)) {
			run.end();
		}
	}

	/** One comparison; it stops when another takes its place. */
	private final class Run {

		private final RepairCause cause;

		private final ArrayDeque<Question> questions = new ArrayDeque<>();

		Run(RepairCause cause) {
			this.cause = cause;
		}

		void begin() {
			Map<TopicLog, List<TopicFeed>> byLog = new LinkedHashMap<>();
			for (TopicFeed feed : LogComparison.this.feeds) {
				TopicLog log = feed.isOpen() ? LogComparison.this.calls.holding(feed.topic()) : null;
				if (log != null) {
					byLog.computeIfAbsent(log, (key) -> new ArrayList<>()).add(feed);
				}
			}
			byLog.forEach((log, feeds) -> {
				for (int i = 0; i < feeds.size(); i += HEADS_AT_ONCE) {
					this.questions.add(new Question(log, feeds.subList(i, Math.min(i + HEADS_AT_ONCE, feeds.size()))));
				}
			});
			next();
		}

		private void next() {
			Question next = this.questions.poll();
			if (next == null || LogComparison.this.running.get() != this) {
				end();
				return;
			}
			var unused = LogComparison.this.calls
				.heads(next.log(), next.feeds().stream().map(TopicFeed::topic).toList())
				.whenComplete((heads, failure) -> {
					if (!LogComparison.this.loop.contain(() -> answered(next, heads, failure))) {
						end();
					}
				});
		}

		private void answered(Question question, @Nullable List<Position> heads, @Nullable Throwable failure) {
			if (heads == null) {
				logger.debug("Positions could not be compared; the next comparison tries again", failure);
				this.questions.removeIf((other) -> other.log() == question.log());
			}
			else {
				for (int i = 0; i < heads.size(); i++) {
					TopicFeed feed = question.feeds().get(i);
					Position head = heads.get(i);
					LogComparison.this.loop.contain(() -> feed.onHead(head, this.cause));
				}
			}
			next();
		}

		void end() {
			LogComparison.this.running.compareAndSet(this, null);
		}

	}

	private record Question(TopicLog log, List<TopicFeed> feeds) {
	}

}

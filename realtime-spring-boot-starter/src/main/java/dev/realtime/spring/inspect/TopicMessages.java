package dev.realtime.spring.inspect;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.node.RealtimeNode;
import org.jspecify.annotations.Nullable;

/**
 * Follows a topic for operators: each answer has the messages after a position, without
 * payloads, and the position for the next question. The log has the messages of all
 * nodes, so no other node is asked, and nothing is kept between two questions. Safe for
 * any number of threads; does not block.
 */
final class TopicMessages {

	/** Most messages of one answer. */
	static final int MOST = 50;

	private final RealtimeNode node;

	private final int mostQuestions;

	private final AtomicInteger questions = new AtomicInteger();

	/**
	 * Follows topics.
	 * @param mostQuestions most questions of this node that wait for the log
	 */
	TopicMessages(RealtimeNode node, int mostQuestions) {
		this.node = node;
		this.mostQuestions = mostQuestions;
	}

	/**
	 * Returns {@code messages}, {@code next}, and {@code skipped} if there were more than
	 * {@value #MOST} or some are not kept any more: how many numbers are not in the
	 * answer. After the numbering has begun anew, {@code newEpoch} is true, and messages
	 * before the answer may be missing.
	 * @param after null for none but the present position
	 * @return fails with a {@link BusyException} if too many questions are under way, and
	 * if the log cannot be read
	 */
	CompletionStage<Map<String, Object>> after(Topic topic, @Nullable Position after) {
		TopicLog log = this.node.broker().log();
		return bounded(() -> (after == null)
				? log.peek(List.of(topic)).thenApply((heads) -> answer(topic, List.of(), heads.get(0)))
				: log.read(topic, after, MOST).thenCompose((page) -> follow(log, topic, after, page)));
	}

	private <T> CompletionStage<T> bounded(Supplier<CompletionStage<T>> question) {
		if (this.questions.incrementAndGet() > this.mostQuestions) {
			this.questions.decrementAndGet();
			return CompletableFuture.failedFuture(new BusyException(this.mostQuestions
					+ " questions about a topic's messages are in progress on this node, which is the most allowed by "
					+ "realtime.inspector.topic-reads. Ask again in a moment"));
		}
		CompletionStage<T> asked;
		try {
			asked = question.get();
		}
		catch (Throwable ex) {
			asked = CompletableFuture.failedFuture(ex);
		}
		return asked.whenComplete((answer, failure) -> this.questions.decrementAndGet());
	}

	/** Takes the latest messages if the reader cannot keep up, or has lost its place. */
	private static CompletionStage<Map<String, Object>> follow(TopicLog log, Topic topic, Position after,
			LogPage page) {
		if (page instanceof LogPage.Found found && !found.hasMore()) {
			return CompletableFuture.completedFuture(answer(topic, found.messages(), found.through()));
		}
		return log.readBefore(topic, null, MOST).thenApply((latest) -> {
			List<TopicMessage> messages = (latest instanceof LogPage.Found found) ? found.messages() : List.of();
			Position head = latest.head();
			if (!messages.isEmpty() && messages.get(messages.size() - 1).seq() > head.seq()) {
				head = messages.get(messages.size() - 1).position();
			}
			boolean sameEpoch = head.sameEpoch(after);
			List<TopicMessage> newer = messages.stream()
				.filter((message) -> !sameEpoch || message.seq() > after.seq())
				.toList();
			Map<String, Object> answer = answer(topic, newer, head);
			if (!sameEpoch) {
				answer.put("newEpoch", true);
			}
			else {
				long first = newer.isEmpty() ? head.seq() + 1 : newer.get(0).seq();
				answer.put("skipped", Math.max(0, first - after.seq() - 1));
			}
			return answer;
		});
	}

	private static Map<String, Object> answer(Topic topic, List<TopicMessage> messages, Position next) {
		Map<String, Object> answer = new LinkedHashMap<>();
		answer.put("topic", topic.name());
		answer.put("messages", messages.stream().map(TopicMessages::members).toList());
		answer.put("next", next.toString());
		return answer;
	}

	static Map<String, Object> members(TopicMessage message) {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("seq", message.seq());
		members.put("message", message.position().toString());
		members.put("id", message.id());
		members.put("time", Instant.ofEpochMilli(message.timestamp()).toString());
		members.put("bytes", message.content().size());
		String type = message.content().type();
		if (type != null) {
			members.put("type", type);
		}
		if (message.content().hasJourney()) {
			members.put("journey", true);
		}
		return members;
	}

}

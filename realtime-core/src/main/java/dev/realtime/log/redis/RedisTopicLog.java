package dev.realtime.log.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.codec.MalformedMessages;
import dev.realtime.codec.MessageCodec;
import dev.realtime.redis.Numbering;
import dev.realtime.redis.RedisLink;
import dev.realtime.redis.RedisScript;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;

/**
 * The log in Redis Streams, read by {@link LogScripts}. A page ends at its limit or after
 * about 1 MiB, whichever comes first, but holds at least one message. A message that
 * cannot be read is logged and left out. Stages complete on an I/O thread and fail as
 * {@link RedisLink#eval} does.
 */
public final class RedisTopicLog implements TopicLog {

	private static final byte[] PAGE_BYTES = RedisLink.arg(1 << 20);

	private static final byte[] NONE = new byte[0];

	/** How many heads are asked for at once: others' commands need room on the way. */
	private static final int HEADS = 1_000;

	/** Where the messages of a found page begin in the answer. */
	private static final int MESSAGES = 5;

	private final Numbering numbering;

	private final MalformedMessages malformed;

	/** A log on the numbering's connection. */
	public RedisTopicLog(Numbering numbering) {
		this.numbering = numbering;
		this.malformed = new MalformedMessages(numbering.environment());
	}

	@Override
	public CompletionStage<List<Position>> heads(List<Topic> topics) {
		return heads(List.copyOf(topics), new ArrayList<>(topics.size()), this.numbering::current);
	}

	@Override
	public CompletionStage<List<Position>> peek(List<Topic> topics) {
		return heads(List.copyOf(topics), new ArrayList<>(topics.size()), this.numbering::peek);
	}

	@Override
	public CompletionStage<LogPage> read(Topic topic, Position after, int limit) {
		return read(LogScripts.READ, topic, after, limit).thenApply((answer) -> page(topic, answer, false));
	}

	@Override
	public CompletionStage<LogPage> readBefore(Topic topic, @Nullable Position before, int limit) {
		return read(LogScripts.READ_BEFORE, topic, before, limit).thenApply((answer) -> page(topic, answer, true));
	}

	private CompletionStage<List<Position>> heads(List<Topic> topics, List<Position> known,
			Function<Topic, CompletionStage<Position>> question) {
		int from = known.size();
		if (from == topics.size()) {
			return CompletableFuture.completedFuture(known);
		}
		List<CompletableFuture<Position>> asked = topics.subList(from, Math.min(topics.size(), from + HEADS))
			.stream()
			.map((topic) -> question.apply(topic).toCompletableFuture())
			.toList();
		return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenCompose((all) -> {
			asked.forEach((answer) -> known.add(answer.join()));
			return heads(topics, known, question);
		});
	}

	private CompletionStage<List<Object>> read(RedisScript script, Topic topic, @Nullable Position position,
			int limit) {
		if (limit < 1 || limit > MAX_PAGE) {
			throw new IllegalArgumentException("A page holds 1 to " + MAX_PAGE + " messages, not " + limit);
		}
		byte[] epoch = (position != null) ? RedisLink.arg(position.epoch()) : NONE;
		byte[] seq = (position != null) ? RedisLink.arg(position.seq()) : NONE;
		return this.numbering.eval(script, ScriptOutputType.MULTI, topic, this.numbering.keys(topic),
				this.numbering.epoch(), this.numbering.ttl(), epoch, seq, RedisLink.arg(limit), PAGE_BYTES);
	}

	private LogPage page(Topic topic, List<Object> answer, boolean newestFirst) {
		String outcome = text(answer.get(0));
		Position head = new Position(text(answer.get(1)), (Long) answer.get(2));
		long number = (Long) answer.get(3);
		if (!outcome.equals("found")) {
			LogPage.Reason reason = outcome.equals(LogPage.Reason.EXPIRED.code()) ? LogPage.Reason.EXPIRED
					: LogPage.Reason.EPOCH_CHANGED;
			return new LogPage.Lost(reason, head, number);
		}
		List<TopicMessage> messages = new ArrayList<>();
		for (int i = MESSAGES; i < answer.size(); i += 3) {
			add(messages, topic, head.withSeq((Long) answer.get(i)), answer.get(i + 1), answer.get(i + 2));
		}
		if (newestFirst) {
			Collections.reverse(messages);
		}
		return new LogPage.Found(messages, head.withSeq(number), head, (Long) answer.get(4) == 1);
	}

	private void add(List<TopicMessage> messages, Topic topic, Position position, Object timestamp, Object blob) {
		try {
			messages.add(MessageCodec.message(topic, position, Long.parseLong(text(timestamp)), (byte[]) blob));
		}
		catch (IllegalArgumentException ex) {
			this.malformed.report(topic, "in the log at " + position, ex);
		}
	}

	private static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.US_ASCII);
	}

}

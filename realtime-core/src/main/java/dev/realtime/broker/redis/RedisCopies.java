package dev.realtime.broker.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Copied;
import dev.realtime.broker.NumberedRun;
import dev.realtime.broker.RegionalBroker.Marks;
import dev.realtime.codec.MessageCodec;
import dev.realtime.redis.Announcing;
import dev.realtime.redis.PolicyArgs;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import io.lettuce.core.ScriptOutputType;

/** Copies of topics of other regions, and which topics have changed. */
final class RedisCopies {

	private static final int FIXED = 11;

	/** Where the messages' arguments have nothing to say. */
	private static final byte[] NONE = {};

	private final RedisLink link;

	private final RedisKeys keys;

	private final PolicyArgs policies;

	RedisCopies(RedisLink link, RedisKeys keys, PolicyArgs policies) {
		this.link = link;
		this.keys = keys;
		this.policies = policies;
	}

	/** The marks of the topic's partition. */
	byte[] marks(Topic topic) {
		return marks(this.keys.partitions().of(topic));
	}

	private byte[] marks(int partition) {
		return this.keys.of("b", partition);
	}

	CompletionStage<Marks> marks(int partition, Marks.Place after, int limit) {
		return this.link
			.<List<Object>>eval(RegionScripts.MARKS, ScriptOutputType.MULTI, new byte[][] { marks(partition) },
					RedisLink.arg(after.life()), RedisLink.arg(after.mark()), RedisLink.arg(limit))
			.thenApply((answer) -> found(answer, after, limit));
	}

	CompletionStage<Void> forget(Topic topic) {
		return this.link
			.<Long>eval(RegionScripts.FORGET, ScriptOutputType.INTEGER,
					new byte[][] { this.keys.numbering(topic), marks(topic) },
					topic.name().getBytes(StandardCharsets.UTF_8))
			.thenApply((done) -> null);
	}

	CompletionStage<Copied> copy(Topic topic, NumberedRun run, TopicPolicy policy, Announcing announcing,
			Unannounced unannounced) {
		PolicyArgs.Encoded kept = this.policies.of(policy);
		List<TopicMessage> messages = run.messages();
		byte[][] args = new byte[FIXED + 4 * messages.size()][];
		args[0] = RedisLink.arg(run.epoch());
		args[1] = kept.numberingTtl();
		args[2] = announcing.topic();
		args[3] = kept.historySize();
		args[4] = kept.historyTime();
		args[5] = announcing.name();
		args[6] = announcing.partition();
		args[7] = run.replaced().isEmpty() ? NONE : RedisLink.arg(run.replaced());
		args[8] = RedisLink.arg(run.after());
		args[9] = RedisLink.arg(run.through());
		args[10] = RedisLink.arg(run.gone() ? 1 : 0);
		int next = FIXED;
		for (TopicMessage message : messages) {
			args[next++] = RedisLink.arg(message.seq());
			args[next++] = RedisLink.arg(message.timestamp());
			args[next++] = RedisLink.arg(MessageCodec.timeToLive(message));
			args[next++] = MessageCodec.blob(message);
		}
		return this.link
			.<List<Object>>eval(RegionScripts.COPY, ScriptOutputType.MULTI,
					new byte[][] { this.keys.numbering(topic), this.keys.log(topic) }, args)
			.thenApply((answer) -> copied(answer, unannounced));
	}

	private static Copied copied(List<Object> answer, Unannounced unannounced) {
		if (answer.size() > 4 && answer.get(4) instanceof byte[] failure) {
			unannounced.because(new String(failure, StandardCharsets.UTF_8));
		}
		return new Copied((Long) answer.get(0) == 1, new Position(text(answer.get(1)), (Long) answer.get(2)),
				Math.toIntExact((Long) answer.get(3)));
	}

	private static Marks found(List<Object> answer, Marks.Place after, int limit) {
		String life = text(answer.get(0));
		List<Topic> topics = new ArrayList<>();
		long mark = after.life().equals(life) ? after.mark() : 0;
		for (int i = 1; i < answer.size(); i += 2) {
			String name = text(answer.get(i));
			mark = Long.parseLong(text(answer.get(i + 1)));
			if (!name.isEmpty()) {
				topics.add(Topic.of(name));
			}
		}
		return new Marks(topics, new Marks.Place(life, mark), answer.size() > 2 * limit);
	}

	private static String text(Object bytes) {
		return new String((byte[]) bytes, StandardCharsets.UTF_8);
	}

	/** Told when the script has stored and could not announce. */
	@FunctionalInterface
	interface Unannounced {

		void because(String error);

	}

}

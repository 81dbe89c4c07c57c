package dev.realtime.broker.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.redis.Announcing;
import dev.realtime.redis.Continuity;
import dev.realtime.redis.Numbering;
import dev.realtime.redis.PolicyArgs;
import dev.realtime.redis.RedisDiagnosis;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import io.lettuce.core.ScriptOutputType;
import org.jspecify.annotations.Nullable;

/**
 * Runs the scripts that number, store and announce a message: {@link PublishScript}, and
 * {@link RegionScripts#MARKED} where other regions are told of it. Safe for any number of
 * threads; results come on the connection's thread.
 */
final class RedisPublisher {

	private static final int MARKED_ARGS = 11;

	private final RedisLink link;

	private final RedisKeys keys;

	private final Numbering numbering;

	private final @Nullable Continuity continuity;

	private final PolicyArgs policies;

	/** Whether the scripts announce, on the channels that the relay listens to. */
	private final boolean announces;

	private final BiConsumer<Topic, String> unannounced;

	/**
	 * Wires a publisher.
	 * @param continuity holds back what the replicas do not have yet; null when every
	 * failover begins new epochs
	 * @param announces whether the scripts announce; else another relay does
	 * @param unannounced called with the error when a script has stored a message and
	 * could not announce it
	 */
	RedisPublisher(RedisLink link, RedisKeys keys, Numbering numbering, @Nullable Continuity continuity,
			PolicyArgs policies, boolean announces, BiConsumer<Topic, String> unannounced) {
		this.link = link;
		this.keys = keys;
		this.numbering = numbering;
		this.continuity = continuity;
		this.policies = policies;
		this.announces = announces;
		this.unannounced = unannounced;
	}

	/** Whether the scripts announce the topic's messages. */
	boolean announces(Topic topic) {
		return this.announces && (this.continuity == null || !Continuity.isOf(topic));
	}

	/** Returns where the scripts announce the topic's messages. */
	Announcing announcing(Topic topic) {
		return announces(topic) ? this.keys.announcing(topic) : Announcing.ELSEWHERE;
	}

	/**
	 * Publishes a message.
	 * @param key the id by which a repeated publication is found, or null
	 */
	CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy, byte[] blob,
			@Nullable String key) {
		Topic topic = publication.topic();
		byte[][] scriptKeys = (key != null)
				? new byte[][] { this.keys.numbering(topic), this.keys.log(topic), this.keys.idempotency(topic, key) }
				: this.numbering.keys(topic);
		byte[][] args = args(publication, policy, blob);
		if (this.continuity == null || !Continuity.isOf(topic)) {
			return this.link.<byte[]>eval(PublishScript.PUBLISH, ScriptOutputType.VALUE, scriptKeys, args)
				.thenApply((reply) -> receipt(topic, reply, true));
		}
		return this.continuity.<byte[]>eval(PublishScript.PUBLISH, ScriptOutputType.VALUE, topic, scriptKeys, args)
			.thenApply((reply) -> receipt(topic, reply.value(), reply.replicated()));
	}

	/**
	 * Publishes a message and notes in the topic's marks that it has changed.
	 * @param marks the key of the marks
	 * @param key the id by which a repeated publication is found, or null
	 */
	CompletionStage<PublishReceipt> publishMarked(Publication publication, TopicPolicy policy, byte[] blob,
			byte[] marks, @Nullable String key) {
		Topic topic = publication.topic();
		byte[][] scriptKeys = (key != null)
				? new byte[][] { this.keys.numbering(topic), this.keys.log(topic), marks,
						this.keys.idempotency(topic, key) }
				: new byte[][] { this.keys.numbering(topic), this.keys.log(topic), marks };
		byte[][] args = Arrays.copyOf(args(publication, policy, blob), MARKED_ARGS);
		args[MARKED_ARGS - 1] = topic.name().getBytes(StandardCharsets.UTF_8);
		return this.link.<byte[]>eval(RegionScripts.MARKED, ScriptOutputType.VALUE, scriptKeys, args)
			.thenApply((reply) -> receipt(topic, reply, true));
	}

	private byte[][] args(Publication publication, TopicPolicy policy, byte[] blob) {
		Duration timeToLive = publication.timeToLive();
		PolicyArgs.Encoded kept = this.policies.of(policy);
		Announcing announcing = announcing(publication.topic());
		return new byte[][] { this.numbering.epoch(), kept.numberingTtl(), announcing.topic(), kept.historySize(),
				kept.historyTime(), announcing.name(), announcing.partition(), blob,
				RedisLink.arg((timeToLive != null) ? timeToLive.toMillis() : 0), kept.idempotencyWindow() };
	}

	private PublishReceipt receipt(Topic topic, byte[] reply, boolean replicated) {
		String text = new String(reply, StandardCharsets.UTF_8);
		int seq = text.indexOf(' ') + 1;
		int timestamp = text.indexOf(' ', seq) + 1;
		int duplicate = text.indexOf(' ', timestamp) + 1;
		if (text.length() > duplicate + 1) {
			this.unannounced.accept(topic, RedisDiagnosis.ofReply(text.substring(duplicate + 2), "announcing"));
		}
		Position position = new Position(text.substring(0, seq - 1), Long.parseLong(text, seq, timestamp - 1, 10));
		return new PublishReceipt(topic, position, Long.parseLong(text, timestamp, duplicate - 1, 10),
				text.charAt(duplicate) == '1', replicated);
	}

}

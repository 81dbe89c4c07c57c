package dev.realtime.redis;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.TopicPolicy;

/** The script arguments that follow from a policy, encoded once for each policy. */
public final class PolicyArgs {

	private static final int MAX_POLICIES = 1_000;

	/** Redis overflows on times that end after the year 292 million. */
	private static final Duration FOREVER = Duration.ofDays(36_500);

	private final Numbering numbering;

	private final Map<TopicPolicy, Encoded> known = new ConcurrentHashMap<>();

	/**
	 * For topics that are numbered there.
	 */
	public PolicyArgs(Numbering numbering) {
		this.numbering = numbering;
	}

	/** Returns the arguments of the policy. */
	public Encoded of(TopicPolicy policy) {
		Encoded encoded = this.known.get(policy);
		if (encoded == null) {
			encoded = encode(policy);
			if (this.known.size() < MAX_POLICIES) {
				this.known.put(policy, encoded);
			}
		}
		return encoded;
	}

	private Encoded encode(TopicPolicy policy) {
		long history = millis(policy.historyTime());
		long window = millis(policy.idempotencyWindow());
		return new Encoded(RedisLink.arg(policy.historySize()), RedisLink.arg(history), RedisLink.arg(window),
				this.numbering.ttl(Math.max(history, window)));
	}

	private static long millis(Duration time) {
		return ((time.compareTo(FOREVER) < 0) ? time : FOREVER).toMillis();
	}

	/**
	 * The arguments; shared, and so never changed.
	 *
	 * @param historySize how many messages are kept
	 * @param historyTime how long messages are kept, in ms
	 * @param idempotencyWindow how long ids are remembered, in ms
	 * @param numberingTtl how long an untouched numbering is kept, in ms
	 */
	@SuppressWarnings("ArrayRecordComponent")
	public record Encoded(byte[] historySize, byte[] historyTime, byte[] idempotencyWindow, byte[] numberingTtl) {
	}

}

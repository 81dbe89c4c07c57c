package dev.realtime.sequence.redis;

import dev.realtime.sequence.SequenceContract;
import dev.realtime.sequence.SequenceService;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisShards;
import org.junit.jupiter.api.AfterEach;

/** Numbers on three independent Redis servers. */
class ShardsSequenceIT extends SequenceContract {

	private final RedisFleet fleet = RedisFleet.ofShards(RedisShards.shared(), RedisFleet.KEYS);

	private final RedisSequence sequence = new RedisSequence(this.fleet.numbering(this.fleet.link()));

	@Override
	protected SequenceService sequence() {
		return this.sequence;
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

}

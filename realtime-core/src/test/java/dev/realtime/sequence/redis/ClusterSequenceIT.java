package dev.realtime.sequence.redis;

import dev.realtime.sequence.SequenceContract;
import dev.realtime.sequence.SequenceService;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisFleet;
import org.junit.jupiter.api.AfterEach;

/** Numbers on a Redis Cluster. */
class ClusterSequenceIT extends SequenceContract {

	private final RedisFleet fleet = RedisFleet.of(RedisCluster.shared(), RedisFleet.KEYS);

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

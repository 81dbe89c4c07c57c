package dev.realtime.sequence.redis;

import dev.realtime.sequence.SequenceContract;
import dev.realtime.sequence.SequenceService;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;

class RedisSequenceIT extends SequenceContract {

	private final RedisFleet fleet = new RedisFleet(RedisServer.shared().uri());

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

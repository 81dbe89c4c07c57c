package dev.realtime.relay.redis;

import io.lettuce.core.RedisClient;

/** The same over the older protocol, where answers and messages share one stream. */
class RedisRelayResp2IT extends RedisRelayIT {

	@Override
	protected RedisClient client() {
		return this.fleet.resp2();
	}

}

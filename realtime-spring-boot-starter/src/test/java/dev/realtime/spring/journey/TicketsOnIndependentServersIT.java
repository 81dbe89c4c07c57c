package dev.realtime.spring.journey;

import dev.realtime.testing.RedisShards;

import static org.assertj.core.api.Assertions.assertThat;

/** Tickets are where the topics are, not in the application's own Redis. */
class TicketsOnIndependentServersIT extends TicketsContract {

	TicketsOnIndependentServersIT() {
		super("spring.data.redis.port=1", "realtime.redis.shards=" + String.join(",", RedisShards.shared()));
	}

	@Override
	void assertKeepsNo(String ticket) {
		assertThat(RedisShards.shared().stream().mapToInt((uri) -> tickets(ticket, uri)).sum()).isPositive();
	}

}

package dev.realtime.rate.redis;

import java.util.List;

import dev.realtime.rate.FleetRates;
import dev.realtime.rate.FleetRates.Take;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.testing.Await;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/** Buckets that two nodes share. */
class RedisFleetRatesIT {

	private final RedisServer redis = RedisServer.startProcess();

	private final RedisFleet fleet = new RedisFleet(this.redis.uri());

	private final FleetRates one = this.fleet.with(new RedisFleetRates(this.fleet.link(), new RedisKeys("rt")));

	private final FleetRates two = this.fleet.with(new RedisFleetRates(this.fleet.link(), new RedisKeys("rt")));

	@AfterEach
	void close() {
		this.fleet.close();
		this.redis.close();
	}

	@Test
	void nodesTakeFromOneBucket() {
		assertThat(take(this.one, "ann", 30)).isEqualTo(70);
		assertThat(take(this.two, "ann", 30)).isBetween(40L, 50L);
		assertThat(take(this.two, "bob", 1)).isEqualTo(99);
	}

	@Test
	void bucketsOfAUserAreSeparate() {
		assertThat(Await.result(this.one.take("ann", List.of(new Take("a", 10, 100, 1), new Take("b", 20, 1_000, 1)))))
			.containsExactly(90L, 980L);
		assertThat(Await.result(this.one.take("ann", List.of(new Take("b", 0, 1_000, 1))))).first()
			.satisfies((left) -> assertThat(left).isBetween(980L, 990L));
	}

	@Test
	void anOverdrawnBucketOwesOneCapacityAtMostAndIsRefilled() {
		assertThat(take(this.one, "ann", 1_000_000)).isEqualTo(-100);
		assertThat(Await.result(this.one.take("ann", List.of(new Take("frames", 0, 100, 1_000_000)))).get(0))
			.isLessThanOrEqualTo(100);
		Await.until(() -> assertThat(Await.result(this.two.take("ann", List.of(new Take("frames", 0, 100, 1_000_000)))))
			.containsExactly(100L));
	}

	@Test
	void rule8_nothingIsKeptLongerThanABucketNeedsToBeFull() {
		take(this.one, "ann", 50);
		assertThat(this.fleet.commands().pttl(new RedisKeys("rt").spread("rate", "ann"))).isBetween(40_000L, 50_000L);
	}

	@Test
	void itFailsWhileRedisIsAway() {
		this.redis.close();
		assertThatException().isThrownBy(() -> take(this.one, "ann", 1));
	}

	private static long take(FleetRates rates, String user, long tokens) {
		return Await.result(rates.take(user, List.of(new Take("frames", tokens, 100, 1)))).get(0);
	}

}

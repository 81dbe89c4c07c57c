package dev.realtime.restriction.redis;

import java.time.Duration;

import dev.realtime.redis.RedisKeys;
import dev.realtime.restriction.Restriction;
import dev.realtime.restriction.Restriction.Kind;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.restriction.RestrictionStoreContract;
import dev.realtime.restriction.Revision;
import dev.realtime.testing.Await;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class RedisRestrictionStoreIT extends RestrictionStoreContract {

	private static final Restriction ANN = new Restriction(Kind.BLOCKED, "ann", "");

	private final RedisServer redis = RedisServer.startProcess();

	private final RedisFleet fleet = new RedisFleet(this.redis.uri());

	private final RestrictionStore store = new RedisRestrictionStore(this.fleet.link(), new RedisKeys("rt"), MOST);

	@Override
	protected RestrictionStore store() {
		return this.store;
	}

	@AfterEach
	void close() {
		this.fleet.close();
		this.redis.close();
	}

	@Test
	void nodesSeeOneList() {
		RestrictionStore other = this.fleet
			.with(new RedisRestrictionStore(this.fleet.link(), new RedisKeys("rt"), MOST));
		Revision revision = put(ANN, HOUR).revision();
		assertThat(Await.result(other.read(Revision.NONE)).revision()).isEqualTo(revision);
		assertThat(other.isShared()).isTrue();
	}

	@Test
	void rule7_aListThatRedisHasLostBeginsAnEpochAndIsRestored() {
		Revision before = put(ANN, HOUR).revision();
		this.fleet.commands().flushall();
		Revision after = Await.result(this.store.read(before)).revision();
		assertThat(after.epoch()).isNotEqualTo(before.epoch());
		assertThat(read()).isEmpty();
		Await.result(this.store.restore(ANN, HOUR));
		Await.result(this.store.restore(ANN, Duration.ofMinutes(1)));
		assertThat(read()).singleElement()
			.satisfies((entry) -> assertThat(entry.left()).isGreaterThan(Duration.ofMinutes(50)));
	}

	@Test
	void theKeyEndsADayAfterItsLastEntry() {
		put(ANN, Duration.ofDays(3));
		assertThat(this.fleet.commands().pttl(new RedisKeys("rt").global("restrictions")))
			.isBetween(Duration.ofDays(3).toMillis(), Duration.ofDays(4).toMillis());
	}

	@Test
	void rule7_whileRedisIsAwayAChangeFails() {
		this.redis.stop();
		Await.until(() -> assertThatException().isThrownBy(() -> put(ANN, HOUR)).withMessageContaining("Redis"));
	}

}

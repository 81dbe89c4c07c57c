package dev.realtime.hub;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.Continuing;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.Await;
import dev.realtime.testing.RedisCluster;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisSentinel;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Redis fails over or restarts while 500 messages a second are published, and topics go
 * on in their epochs, unless something was lost.
 */
class FailoverIT {

	private static final Duration BEFORE = Duration.ofSeconds(2);

	private static final Duration ALL = Duration.ofSeconds(7);

	private static final Continuing REPLICATED = new Continuing(1, Duration.ofMillis(200), Duration.ofSeconds(15));

	private static final Continuing SINGLE = new Continuing(0, Duration.ofMillis(200), Duration.ofSeconds(15));

	@Test
	void rule4_afterAFailoverBySentinelTopicsGoOnAndNothingIsLost() {
		try (RedisSentinel redis = RedisSentinel.start();
				FailoverLoad load = new FailoverLoad(() -> new RedisFleet(redis.uri()), REPLICATED)) {
			underLoad(load, redis::failover);
			load.check("Sentinel");

			assertThat(load.recovered()).isEqualTo(load.topics());
			assertThat(load.told()).isZero();
		}
	}

	@Test
	void rule4_whatAReplicaThatWasCutOffDoesNotHaveIsTold() {
		try (RedisSentinel redis = RedisSentinel.start();
				FailoverLoad load = new FailoverLoad(() -> new RedisFleet(redis.uri()), REPLICATED)) {
			load.publish(Duration.ofMillis(500));
			assertThat(load.unreplicated()).isZero();
			redis.cutOff();
			load.publish(Duration.ofSeconds(1));
			assertThat(load.unreplicated()).isPositive();

			redis.failover();
			load.settle();
			load.check("Cut off");

			assertThat(load.recovered()).isZero();
			assertThat(load.told()).isEqualTo(2L * load.topics());
		}
	}

	@Test
	void rule4_afterAFailoverInAClusterTopicsGoOnAndNothingIsLost() {
		RedisKeys keys = new RedisKeys("rt", new Partitions(128), Channels.BOTH);
		try (RedisCluster redis = RedisCluster.start();
				FailoverLoad load = new FailoverLoad(() -> RedisFleet.of(redis, keys), REPLICATED)) {
			underLoad(load, () -> redis.kill(redis.master(5_000)));
			load.check("Cluster");

			assertThat(load.recovered()).isEqualTo(load.topics());
			assertThat(load.told()).isZero();
		}
	}

	@Test
	void rule4_aServerThatHasWrittenEverythingGoesOnAfterARestart() {
		try (RedisServer redis = RedisServer.startPersistent();
				FailoverLoad load = new FailoverLoad(() -> new RedisFleet(redis.uri()), SINGLE)) {
			underLoad(load, () -> {
				redis.stop();
				redis.restartInPlace();
			});
			load.check("Restart with AOF");

			assertThat(load.recovered()).isEqualTo(load.topics());
			assertThat(load.told()).isZero();
		}
	}

	@Test
	void rule4_aServerThatHasForgottenBeginsNewEpochs() {
		try (RedisServer redis = RedisServer.startProcess();
				FailoverLoad load = new FailoverLoad(() -> new RedisFleet(redis.uri()), SINGLE)) {
			underLoad(load, () -> {
				redis.stop();
				redis.restart();
			});
			load.check("Restart without persistence");

			assertThat(load.recovered()).isZero();
			assertThat(load.told()).isEqualTo(2L * load.topics());
		}
	}

	private static void underLoad(FailoverLoad load, Runnable fault) {
		CompletableFuture<Void> faults = CompletableFuture.runAsync(() -> {
			LockSupport.parkNanos(BEFORE.toNanos());
			fault.run();
		});
		load.publish(ALL);
		Await.result(faults);
		load.settle();
	}

}

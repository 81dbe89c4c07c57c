package dev.realtime.relay.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.realtime.Topic;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisAwayException;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the relay's thread answers, whichever thread asks at the same time. */
class RelayKeeperIT {

	private final RedisServer redis = RedisServer.startProcess();

	private final RedisFleet fleet = new RedisFleet(this.redis.uri());

	private final Loop thread = new Loops().loop("test-relay");

	@AfterEach
	void close() {
		this.thread.close();
		this.fleet.close();
		this.redis.close();
	}

	@ParameterizedTest
	@EnumSource(Channels.class)
	void whatWasConfirmedBeforeIsNotWhileRedisIsAway(Channels channels) {
		RedisKeys keys = new RedisKeys("rt", new Partitions(16), channels);
		RedisClient client = this.fleet.client();
		RelayKeeper keeper = new RelayKeeper(client, keys, this.thread, Duration.ofSeconds(2), Duration.ofMillis(200),
				new Announcements(keys, Environment.system()), () -> {
				});
		this.thread.execute(keeper::start);
		Topic topic = Messages.topic();
		Await.until(() -> Await.result(want(keeper, topic)));

		this.redis.stop();
		Await.until(() -> assertThat(keeper.isConnected()).isFalse());

		assertThatThrownBy(() -> Await.result(want(keeper, topic))).isInstanceOf(RedisAwayException.class);
		keeper.close();
	}

	private CompletableFuture<Void> want(RelayKeeper keeper, Topic topic) {
		CompletableFuture<Void> confirmed = new CompletableFuture<>();
		this.thread.execute(() -> keeper.want(new Channel.OfTopic(topic), confirmed));
		return confirmed;
	}

}

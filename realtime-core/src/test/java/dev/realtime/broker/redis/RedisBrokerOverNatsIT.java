package dev.realtime.broker.redis;

import java.time.Duration;

import dev.realtime.Position;
import dev.realtime.PublishReceipt;
import dev.realtime.broker.Broker;
import dev.realtime.broker.BrokerContract;
import dev.realtime.loop.Loops;
import dev.realtime.partition.Partitions;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.relay.Relay;
import dev.realtime.relay.nats.NatsRelay;
import dev.realtime.relay.nats.NatsRelayOptions;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.NatsServer;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Numbers and log in Redis, and another relay. */
class RedisBrokerOverNatsIT extends BrokerContract {

	private final TcpProxy nats = new TcpProxy(NatsServer.shared().port());

	private final RedisFleet fleet = new RedisFleet(RedisServer.shared().uri());

	@Override
	protected Broker create() {
		Relay relay = NatsRelay.of(NatsRelayOptions.of("nats://127.0.0.1:" + this.nats.port(), "broker"), new Loops());
		return this.fleet.with(
				new RedisBroker(this.fleet.client(), RedisFleet.KEYS, RedisBrokerOptions.DEFAULT, relay, new Loops()));
	}

	@Override
	protected boolean isFleet() {
		return true;
	}

	/** Each node announces when it has its receipt. */
	@Override
	protected boolean isHeardInOrder() {
		return false;
	}

	@Override
	protected void after(Duration time, ThrowingRunnable assertion) {
		Await.until(assertion);
	}

	@AfterEach
	void closeFleet() {
		this.fleet.close();
		this.nats.close();
	}

	@Test
	void rule2_aMessageThatCannotBeAnnouncedIsStoredAndItsPublisherGetsTheReceipt() {
		Broker broker = start(new Messages.Heard());
		Await.result(broker.subscribe(this.topic));
		this.nats.close();
		Await.until(() -> assertThat(broker.isConnected()).isFalse());

		PublishReceipt receipt = Await
			.result(broker.publish(Messages.text(this.topic, "stored"), Messages.keep(10, Duration.ofMinutes(1))));

		Position before = new Position(receipt.position().epoch(), 0);
		assertThat(Messages.found(Await.result(broker.log().read(this.topic, before, 10))).messages())
			.extracting((message) -> message.content().text())
			.containsExactly("stored");
	}

	@ParameterizedTest
	@EnumSource
	void redisIsNotAskedToPublishWhateverTheChannels(Channels channels) {
		RedisKeys keys = new RedisKeys("separate", new Partitions(128), channels);
		Messages.Heard heard = new Messages.Heard();
		Relay relay = NatsRelay.of(NatsRelayOptions.of(NatsServer.shared().uri(), channels.name()), new Loops());
		try (Broker broker = new RedisBroker(this.fleet.client(), keys, RedisBrokerOptions.DEFAULT, relay,
				new Loops())) {
			broker.start(heard);
			Await.result(broker.subscribe(this.topic));
			long before = published();

			Await.result(broker.publish(Messages.text(this.topic, "text"), Messages.keep(10, Duration.ofMinutes(1))));

			Await.until(() -> assertThat(heard.texts()).containsExactly("text"));
			assertThat(published()).isEqualTo(before);
		}
	}

	private long published() {
		return this.fleet.commands()
			.info("commandstats")
			.lines()
			.filter((line) -> line.startsWith("cmdstat_publish:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("cmdstat_publish:calls=(\\d+),.*", "$1")))
			.sum();
	}

}

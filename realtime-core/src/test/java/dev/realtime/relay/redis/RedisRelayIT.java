package dev.realtime.relay.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.loop.Loops;
import dev.realtime.redis.Announcing;
import dev.realtime.redis.RedisAwayException;
import dev.realtime.redis.RedisKeys;
import dev.realtime.relay.Relay;
import dev.realtime.relay.RelayContract;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RedisRelayIT extends RelayContract {

	private final RedisServer redis = RedisServer.startProcess();

	final TcpProxy proxy = new TcpProxy(this.redis.port());

	protected final RedisFleet fleet = new RedisFleet(this.proxy.uri());

	private final RedisFleet direct = new RedisFleet(this.redis.uri());

	protected RedisClient client() {
		return this.fleet.client();
	}

	protected RedisKeys keys() {
		return RedisFleet.KEYS;
	}

	/** What another node would announce about the topic. */
	private void announce(byte[] bytes) {
		Announcing announcing = keys().announcing(this.topic);
		byte[] name = announcing.name();
		byte[] named = ByteBuffer.allocate(name.length + bytes.length).put(name).put(bytes).array();
		this.direct.commands()
			.publish(keys().channels().hasTopics() ? announcing.topic() : announcing.partition(), named);
	}

	@Override
	protected Relay create() {
		return new RedisRelay(client(), this.direct.link(), keys(), Duration.ofSeconds(2), Duration.ofMillis(200),
				new Loops());
	}

	@AfterEach
	void closeFleet() {
		relay().close();
		this.fleet.close();
		this.direct.close();
		this.proxy.close();
		this.redis.close();
	}

	@Test
	void reachesEveryNodeThatWantsTheTopic() {
		Messages.Heard there = new Messages.Heard();
		Relay other = this.direct.with(create());
		other.start(there);
		Await.result(relay().subscribe(this.topic));
		Await.result(other.subscribe(this.topic));

		Await.result(other.announce(message(this.topic, 1, "to both")));

		Await.until(() -> assertThat(List.of(this.heard, there))
			.allSatisfy((node) -> assertThat(node.texts()).containsExactly("to both")));
	}

	@Test
	void skipsASignalOfAVersionThatItDoesNotKnow() {
		Signal known = new Signal(this.topic, "typing", "ann", null, null);
		Await.result(relay().subscribe(this.topic));

		for (String unknown : List.of("signal\n", "signal\n\u0009more", "signal\n\u0001\u0000", "later\nwhatever")) {
			announce(unknown.getBytes(StandardCharsets.UTF_8));
		}
		Await.result(relay().signal(known));
		Await.result(relay().announce(message(this.topic, 1, "goes on")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("goes on"));
		assertThat(this.heard.signals()).containsExactly(known);
	}

	@Test
	void subscribesAgainAndSaysSoWhenItsConnectionIsKilled() {
		List<Topic> topics = IntStream.range(0, 1_000).mapToObj((i) -> Messages.topic()).toList();
		topics.stream().map(relay()::subscribe).toList().forEach(Await::result);

		this.direct.commands().clientKill(KillArgs.Builder.typePubsub());
		Await.until(() -> assertThat(this.heard.reconnections()).isEqualTo(1));
		topics.forEach((each) -> relay().announce(message(each, 1, each.name())));

		Await.until(() -> assertThat(this.heard.texts())
			.containsExactlyInAnyOrderElementsOf(topics.stream().map(Topic::name).toList()));
		assertThat(relay().isConnected()).isTrue();
	}

	@Test
	void noticesAConnectionThatIsDeadThoughItLooksOpen() {
		Await.result(relay().subscribe(this.topic));

		this.proxy.freeze();
		Await.until(() -> assertThat(this.heard.reconnections()).isEqualTo(1));
		Await.result(relay().announce(message(this.topic, 1, "alive")));
		Await.until(() -> assertThat(this.heard.texts()).containsExactly("alive"));
	}

	@Test
	void rule9_anErrorWhileReconnectingDoesNotEndTheAttempts() {
		AtomicInteger attempts = new AtomicInteger();
		RedisClient client = new FailingClient(this.proxy.uri(), attempts);
		this.direct.with(() -> client.shutdown(Duration.ZERO, Duration.ZERO));
		Relay relay = this.direct.with(new RedisRelay(client, this.direct.link(), RedisFleet.KEYS,
				Duration.ofSeconds(2), Duration.ofMillis(200), new Loops()));
		Messages.Heard there = new Messages.Heard();
		relay.start(there);
		Await.result(relay.subscribe(this.topic));

		this.direct.commands().clientKill(KillArgs.Builder.typePubsub());

		Await.until(() -> assertThat(there.reconnections()).isEqualTo(1));
		assertThat(attempts.get()).isEqualTo(4);
		assertThat(relay.isConnected()).isTrue();
	}

	@Test
	void aSubscriptionThatIsNotConfirmedFailsWhenTheRelayIsClosed() {
		this.proxy.freeze();
		CompletableFuture<Void> confirmed = relay().subscribe(this.topic).toCompletableFuture();

		relay().close();

		assertThat(confirmed).isCompletedExceptionally();
		assertThatThrownBy(() -> Await.result(relay().subscribe(Messages.topic())))
			.isInstanceOf(IllegalStateException.class);
		assertThatIllegalStateException().isThrownBy(() -> relay().start(this.heard));
	}

	@Test
	void staysConnectedWhileNothingHappens() {
		Await.result(relay().subscribe(this.topic));
		var commands = this.direct.commands();
		String before = commands.info("commandstats");

		Await.until(() -> assertThat(pings(commands.info("commandstats"))).isGreaterThan(pings(before) + 3));

		assertThat(this.heard.reconnections()).isZero();
		assertThat(relay().isConnected()).isTrue();
	}

	@Test
	void whileRedisIsAwayATopicCanBeWantedAndIsSubscribedLater() {
		this.redis.stop();
		try {
			Await.until(() -> assertThat(relay().isConnected()).isFalse());
			assertThatThrownBy(() -> Await.result(relay().subscribe(this.topic)))
				.isInstanceOf(RedisAwayException.class);
		}
		finally {
			this.redis.restart();
		}

		Await.until(() -> assertThat(this.heard.reconnections()).isEqualTo(1));
		Await.until(() -> Await.result(relay().announce(message(this.topic, 1, "back"))));
		Await.until(() -> assertThat(this.heard.texts()).contains("back"));
	}

	@Test
	void aSubscriptionThatRedisDoesNotConfirmFailsInTime() {
		this.proxy.holdAnswers();

		assertThatThrownBy(() -> Await.result(relay().subscribe(this.topic))).isNotInstanceOf(AssertionError.class);
	}

	@Test
	void whatCannotBeReadIsSkipped() {
		Await.result(relay().subscribe(this.topic));
		List.of("", "\n", "EPOCH 1 x\n", "EPOCH 1 5\n", "EPOCH 1 5\n\2", "!!! 1 5\n\1", "EPOCH 1", "x".repeat(500))
			.forEach((nonsense) -> announce(nonsense.getBytes(StandardCharsets.US_ASCII)));
		Await.result(relay().announce(message(this.topic, 1, "sound")));

		Await.until(() -> assertThat(this.heard.texts()).containsExactly("sound"));
	}

	private static long pings(String stats) {
		return stats.lines()
			.filter((line) -> line.startsWith("cmdstat_ping:"))
			.mapToLong((line) -> Long.parseLong(line.replaceAll("cmdstat_ping:calls=(\\d+),.*", "$1")))
			.sum();
	}

	/** The second and third attempt to connect throw. */
	private static final class FailingClient extends RedisClient {

		private final AtomicInteger attempts;

		FailingClient(String uri, AtomicInteger attempts) {
			super(null, RedisURI.create(uri));
			this.attempts = attempts;
		}

		@Override
		public <K, V> StatefulRedisPubSubConnection<K, V> connectPubSub(RedisCodec<K, V> codec) {
			int attempt = this.attempts.incrementAndGet();
			if (attempt == 2 || attempt == 3) {
				throw new OutOfMemoryError("simulated");
			}
			return super.connectPubSub(codec);
		}

	}

}

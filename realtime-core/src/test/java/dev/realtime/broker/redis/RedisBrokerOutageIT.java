package dev.realtime.broker.redis;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Redis goes away, comes back, comes back older, or comes back as another. */
class RedisBrokerOutageIT {

	private final RedisServer redis = RedisServer.startProcess();

	private final TcpProxy proxy = new TcpProxy(this.redis.port());

	private final RedisFleet fleet = new RedisFleet(this.proxy.uri());

	private final RedisFleet direct = new RedisFleet(this.redis.uri());

	private final Topic topic = Messages.topic();

	private final Messages.Heard heard = new Messages.Heard();

	private final RedisBroker broker = this.fleet.broker();

	@BeforeEach
	void start() {
		this.broker.start(this.heard);
		Await.result(this.broker.subscribe(this.topic));
	}

	@AfterEach
	void close() {
		this.fleet.close();
		this.direct.close();
		this.proxy.close();
		this.redis.close();
	}

	private CompletableFuture<PublishReceipt> send(String text) {
		return this.broker.publish(Messages.text(this.topic, text), TopicPolicy.DEFAULT).toCompletableFuture();
	}

	private Position publish(int count) {
		return IntStream.range(0, count).mapToObj((i) -> Await.result(send("text")).position()).toList().get(count - 1);
	}

	/** The first that succeeds, with more behind it as fast as they can be called. */
	private List<Position> publishOnceBack() {
		Await.until(
				() -> Await.result(this.broker.publish(Messages.text(Messages.topic(), "probe"), TopicPolicy.DEFAULT)));
		return IntStream.range(0, 20)
			.mapToObj((i) -> send("back"))
			.toList()
			.stream()
			.map((receipt) -> Await.result(receipt).position())
			.toList();
	}

	private void assertNewLife(Position before, List<Position> after) {
		assertThat(after).extracting(Position::epoch).containsOnly(after.get(0).epoch()).doesNotContain(before.epoch());
		assertThat(after).extracting(Position::seq).startsWith(1L, 2L).endsWith(20L);
		assertThat(Messages.lost(Await.result(this.broker.log().read(this.topic, before, 10))).reason())
			.isEqualTo(LogPage.Reason.EPOCH_CHANGED);
		Await.until(() -> assertThat(this.heard.reconnections()).isPositive());
		Position live = publish(1);
		Await.until(() -> assertThat(this.heard.messages()).last()
			.satisfies((message) -> assertThat(message.position()).isEqualTo(live)));
	}

	@Test
	void aServerThatCameBackEmptyBeginsANewEpoch() {
		Position before = publish(3);

		this.redis.stop();
		this.redis.restart();

		assertNewLife(before, publishOnceBack());
	}

	@Test
	void aServerThatCameBackWithOldNumbersBeginsANewEpoch() {
		publish(5);
		RedisCommands<byte[], byte[]> commands = this.direct.commands();
		commands.save();
		Path dump = Path
			.of(new String(commands.configGet("dir").values().iterator().next().getBytes(StandardCharsets.UTF_8),
					StandardCharsets.UTF_8), "dump.rdb");
		Position before = publish(5);
		assertThat(before.seq()).isEqualTo(10);

		this.redis.stop();
		this.redis.restart(dump);

		assertThat(commands.hget(RedisFleet.KEYS.numbering(this.topic), "s".getBytes(StandardCharsets.US_ASCII)))
			.isEqualTo("5".getBytes(StandardCharsets.US_ASCII));
		assertNewLife(before, publishOnceBack());
	}

	@Test
	void aReplicaThatWasPromotedWithOldNumbersBeginsANewEpoch() {
		try (RedisServer second = RedisServer.startProcess(); RedisFleet other = new RedisFleet(second.uri())) {
			RedisCommands<byte[], byte[]> replica = other.commands();
			replica.replicaof("127.0.0.1", this.redis.port());
			publish(5);
			Await.until(() -> assertThat(
					replica.hget(RedisFleet.KEYS.numbering(this.topic), "s".getBytes(StandardCharsets.US_ASCII)))
				.isEqualTo("5".getBytes(StandardCharsets.US_ASCII)));
			replica.replicaofNoOne();
			Position before = publish(5);

			this.proxy.switchTo(second.port());

			assertNewLife(before, publishOnceBack());
		}
	}

	@Test
	void whileRedisIsAwayPublishingFailsAtOnceAndClearlyAndLaterWorksWithoutHelp() {
		publish(1);
		this.redis.stop();
		Await.until(() -> assertThat(this.broker.isConnected()).isFalse());

		assertThat(send("away")).failsWithin(Duration.ofMillis(100))
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(PublishException.class,
					(failure) -> assertThat(failure.isOutcomeUnknown()).isFalse())
			.withMessageContaining("Redis is not connected and nothing was published");
		assertThat(this.broker.log().heads(List.of(this.topic)).toCompletableFuture())
			.failsWithin(Duration.ofMillis(100));
		this.redis.restart();

		assertThat(publishOnceBack()).hasSize(20);
		Await.until(() -> assertThat(this.broker.isConnected()).isTrue());
	}

	@Test
	void anAnswerThatStaysAwayIsAnUnknownOutcomeInTime() {
		Publication publication = Publication.to(this.topic).id("id").build();
		publish(1);
		this.proxy.holdAnswers();

		CompletableFuture<PublishReceipt> call = this.broker.publish(publication, TopicPolicy.DEFAULT)
			.toCompletableFuture();

		assertThatThrownBy(() -> Await.result(call)).isInstanceOfSatisfying(PublishException.class,
				(failure) -> assertThat(failure.isOutcomeUnknown()).isTrue());
		Await.until(() -> assertThat(Await.result(this.broker.publish(publication, TopicPolicy.DEFAULT)))
			.satisfies((receipt) -> assertThat(receipt.duplicate()).isTrue())
			.satisfies((receipt) -> assertThat(receipt.position().seq()).isEqualTo(2)));
	}

	@Test
	void aPublishWhoseAnswerWasLostIsNotSentAgain() {
		Position first = publish(1);
		this.proxy.holdAnswers();
		List<CompletableFuture<PublishReceipt>> calls = IntStream.range(0, 100).mapToObj((i) -> send("once")).toList();
		RedisCommands<byte[], byte[]> commands = this.direct.commands();
		Await.until(() -> assertThat(commands.xlen(RedisFleet.KEYS.log(this.topic))).isEqualTo(101));

		this.proxy.cut();

		assertThat(calls).allSatisfy((call) -> assertThatThrownBy(() -> Await.result(call)).isInstanceOfSatisfying(
				PublishException.class, (failure) -> assertThat(failure.isOutcomeUnknown()).isTrue()));
		publishOnceBack();
		assertThat(commands.xlen(RedisFleet.KEYS.log(this.topic))).isEqualTo(121);
		assertThat(Await.result(this.broker.log().heads(List.of(this.topic))).get(0)).isEqualTo(first.withSeq(121));
	}

	@Test
	void aCommandConnectionThatIsDeadThoughItLooksOpenIsReplaced() {
		publish(1);
		this.proxy.freeze();

		assertThatThrownBy(() -> Await.result(send("into the void"))).isInstanceOf(PublishException.class);

		assertThat(publishOnceBack()).hasSize(20);
	}

	@Test
	void ordersSurviveACutInTheMiddle() {
		publish(1);
		List<CompletableFuture<PublishReceipt>> calls = IntStream.range(0, 9_000).mapToObj((i) -> {
			if (i == 4_000) {
				this.proxy.cut();
			}
			return send("text");
		}).toList();

		List<Long> stored = calls.stream()
			.map((call) -> call.handle((receipt, failure) -> (failure == null) ? receipt.position().seq() : 0L).join())
			.filter((seq) -> seq != 0)
			.toList();
		assertThat(stored).isSorted().doesNotHaveDuplicates();
		assertThat(calls).filteredOn(CompletableFuture::isCompletedExceptionally)
			.allSatisfy((call) -> assertThatThrownBy(call::join).isInstanceOf(CompletionException.class)
				.hasCauseInstanceOf(PublishException.class));
		assertThat(publishOnceBack()).hasSize(20);
	}

	@Test
	void callsThatAreMadeWhileAScriptIsLoadedStayBehindThoseThatWaitForIt() {
		publish(1);
		this.proxy.delayAnswers(Duration.ofMillis(20));
		RedisCommands<byte[], byte[]> commands = this.direct.commands();

		for (int round = 0; round < 5; round++) {
			commands.scriptFlush();
			long begin = System.nanoTime();
			List<CompletableFuture<PublishReceipt>> calls = IntStream.range(0, 150).mapToObj((i) -> {
				while (System.nanoTime() - begin < i * 1_000_000L) {
					Thread.onSpinWait();
				}
				return send("text");
			}).toList();

			assertThat(calls.stream().map((call) -> Await.result(call).position().seq())).isSorted();
		}
	}

}

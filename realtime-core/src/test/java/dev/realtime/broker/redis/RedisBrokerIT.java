package dev.realtime.broker.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.broker.BrokerContract;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.sync.RedisCommands;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RedisBrokerIT extends BrokerContract {

	private final RedisFleet fleet = new RedisFleet(RedisServer.shared().uri());

	@Override
	protected Broker create() {
		return this.fleet.broker();
	}

	@Override
	protected boolean isFleet() {
		return true;
	}

	@Override
	protected void after(Duration time, ThrowingRunnable assertion) {
		Await.until(assertion);
	}

	@AfterEach
	void closeFleet() {
		this.fleet.close();
	}

	@Test
	void aThreadsCallsKeepTheirOrderWhileScriptsAreForgottenOverAndOver() {
		RedisAsyncCommands<byte[], byte[]> others = this.fleet.connection().async();
		int calls = 9_000;

		List<CompletableFuture<PublishReceipt>> receipts = IntStream.range(0, calls).mapToObj((i) -> {
			if (i % 2_000 == 1_000) {
				var unused = others.scriptFlush();
			}
			return broker().publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT).toCompletableFuture();
		}).toList();

		assertThat(receipts.stream().map((receipt) -> Await.result(receipt).position().seq()))
			.containsExactlyElementsOf(LongStream.rangeClosed(1, calls).boxed().toList());
	}

	@Test
	void aFlushedRedisBeginsANewEpoch() {
		publish("one");
		Position before = publish("two").position();
		this.fleet.commands().flushall();

		Position after = publish("three").position();

		assertThat(after.seq()).isEqualTo(1);
		assertThat(after.sameEpoch(before)).isFalse();
		assertThat(Messages.lost(Await.result(broker().log().read(this.topic, before, 10))).head()).isEqualTo(after);
	}

	@Test
	void aLostNumberingTakesTheLogWithIt() {
		publish("one");
		publish("two");
		this.fleet.commands().del(RedisFleet.KEYS.numbering(this.topic));

		Position after = publish("three").position();

		assertThat(Messages
			.seqs(Messages.found(Await.result(broker().log().read(this.topic, after.withSeq(0), 10))).messages()))
			.containsExactly(1L);
	}

	@Test
	void anIdOfAnEarlierEpochDoesNotHideAMessageThatIsNoLongerStored() {
		Publication publication = Publication.to(this.topic).id("id").build();
		Await.result(broker().publish(publication, TopicPolicy.DEFAULT));
		this.fleet.commands().del(RedisFleet.KEYS.numbering(this.topic));

		assertThat(Await.result(broker().publish(publication, TopicPolicy.DEFAULT)).duplicate()).isFalse();
	}

	@Test
	void publishesBeyondTheBoundAreRefused() {
		RedisBroker narrow = this.fleet.broker(10);
		List<CompletableFuture<PublishReceipt>> calls = IntStream.range(0, 1_000)
			.mapToObj(
					(i) -> narrow.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT).toCompletableFuture())
			.toList();
		List<CompletableFuture<PublishReceipt>> refused = calls.stream()
			.filter((call) -> call.exceptionally((failure) -> null).join() == null)
			.toList();

		assertThat(refused).isNotEmpty().hasSizeLessThan(1_000);
		assertThatThrownBy(() -> Await.result(refused.get(0)))
			.isInstanceOfSatisfying(PublishException.class,
					(failure) -> assertThat(failure.isOutcomeUnknown()).isFalse())
			.hasMessageContaining("10 publications");
		assertThat(
				Await.result(narrow.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT)).position().seq())
			.isEqualTo(1_001 - refused.size());
	}

	@Test
	void aRefusalByRedisIsClearAndNothingIsPublished() {
		this.fleet.commands().set(RedisFleet.KEYS.log(this.topic), new byte[0]);
		Await.result(broker().log().heads(List.of(this.topic)));
		this.fleet.commands().set(RedisFleet.KEYS.log(this.topic), new byte[0]);

		assertThatThrownBy(() -> publish("text"))
			.isInstanceOfSatisfying(PublishException.class,
					(failure) -> assertThat(failure.isOutcomeUnknown()).isFalse())
			.hasMessageContaining("Redis refused it: WRONGTYPE");
	}

	@Test
	void aPublicationBeyondTheFormatsLimitsIsTheCallersMistake() {
		Content content = Content.of(new byte[17 << 20], Content.TEXT, null, java.util.Map.of());

		assertThatIllegalArgumentException()
			.isThrownBy(() -> broker().publish(Publication.of(this.topic, content), TopicPolicy.DEFAULT))
			.withMessageContaining("at most 16777216 bytes");
	}

	@Test
	void everythingOfATopicExpires() {
		publish("text");
		Await.result(broker().publish(Publication.to(this.topic).id("id").build(), TopicPolicy.DEFAULT));

		RedisCommands<byte[], byte[]> commands = this.fleet.commands();
		assertThat(commands.pttl(RedisFleet.KEYS.numbering(this.topic))).isBetween(Duration.ofDays(29).toMillis(),
				Duration.ofDays(30).toMillis());
		assertThat(commands.pttl(RedisFleet.KEYS.log(this.topic))).isBetween(1L, Duration.ofHours(24).toMillis());
		assertThat(commands.pttl(RedisFleet.KEYS.idempotency(this.topic, "id"))).isBetween(1L,
				Duration.ofMinutes(5).toMillis());
	}

	@Test
	void theNumberingOutlivesALongHistory() {
		Await.result(broker().publish(Messages.text(this.topic, "text"), Messages.keep(10, Duration.ofDays(100))));

		assertThat(this.fleet.commands().pttl(RedisFleet.KEYS.numbering(this.topic)))
			.isGreaterThan(Duration.ofDays(199).toMillis());
	}

}

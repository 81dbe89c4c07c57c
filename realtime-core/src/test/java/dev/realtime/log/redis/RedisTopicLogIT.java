package dev.realtime.log.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.redis.RedisBroker;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.log.TopicLogContract;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.RedisFleet;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.XAddArgs;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static dev.realtime.testing.Messages.found;
import static dev.realtime.testing.Messages.seqs;
import static org.assertj.core.api.Assertions.assertThat;

class RedisTopicLogIT extends TopicLogContract {

	private final RedisFleet fleet = new RedisFleet(RedisServer.shared().uri());

	private final RedisBroker broker = this.fleet.broker();

	@Override
	protected TopicLog log() {
		return this.broker.log();
	}

	@Override
	protected Position store(Publication publication, TopicPolicy policy) {
		return Await.result(this.broker.publish(publication, policy)).position();
	}

	@Override
	protected Position skip(Topic topic) {
		return Await.result(this.broker.sequence().next(topic));
	}

	@Override
	protected void after(Duration time, ThrowingRunnable assertion) {
		Await.until(assertion);
	}

	@AfterEach
	void close() {
		this.fleet.close();
	}

	@Test
	void aPageEndsAfterAboutOneMebibyte() {
		IntStream.range(0, 20)
			.forEach((i) -> store(
					Publication.of(this.topic,
							Content.of(new byte[100_000], "application/octet-stream", null, Map.of())),
					TopicPolicy.DEFAULT));

		LogPage.Found page = found(read(head().withSeq(0), 1_000));
		LogPage.Found older = found(Await.result(log().readBefore(this.topic, null, 1_000)));

		assertThat(page.messages()).hasSize(10);
		assertThat(page.through().seq()).isEqualTo(10);
		assertThat(seqs(found(read(page.through(), 1_000)).messages())).hasSize(10).endsWith(20L);
		assertThat(seqs(older.messages())).hasSize(10).endsWith(20L);
		assertThat(page.hasMore() && older.hasMore()).isTrue();
	}

	@Test
	void aPageHoldsOneMessageHoweverLong() {
		store(Publication.of(this.topic, Content.of(new byte[2_000_000], Content.TEXT, null, Map.of())),
				TopicPolicy.DEFAULT);
		store(1);

		assertThat(seqs(found(read(head().withSeq(0), 10)).messages())).containsExactly(1L);
	}

	@Test
	void aMessageThatCannotBeReadIsLeftOut() {
		Position first = store(1);
		this.fleet.commands()
			.xadd(RedisFleet.KEYS.log(this.topic), new XAddArgs().id("2-0"),
					Map.of(bytes("t"), bytes("1700000000000"), bytes("m"), bytes("\1nonsense")));
		this.fleet.commands().hset(RedisFleet.KEYS.numbering(this.topic), bytes("s"), bytes("2"));
		store(1);

		LogPage.Found page = found(read(first.withSeq(0), 10));

		assertThat(seqs(page.messages())).containsExactly(1L, 3L);
		assertThat(page.through().seq()).isEqualTo(3);
	}

	@Test
	void voidNumbersRightBeforeTheFirstKeptMessageAreNotTakenForLostOnes() {
		Position first = store(1);
		skip(this.topic);
		skip(this.topic);
		store(1);
		this.fleet.commands().xdel(RedisFleet.KEYS.log(this.topic), "1-0");

		assertThat(seqs(found(read(first, 10)).messages())).containsExactly(4L);
		assertThat(Messages.lost(read(first.withSeq(0), 10)).first()).isEqualTo(4);
	}

	@Test
	void manyMessagesThatOutlivedTheirTimeDoNotHideTheOthers() {
		Position first = store(1).withSeq(0);
		IntStream.range(0, 300)
			.forEach((i) -> store(Publication.to(this.topic).timeToLive(Duration.ofMillis(1)).build(),
					TopicPolicy.DEFAULT));
		store(1);

		Await.until(() -> assertThat(seqs(found(read(first, 2)).messages())).containsExactly(1L, 302L));
		assertThat(seqs(found(Await.result(log().readBefore(this.topic, null, 2))).messages())).containsExactly(1L,
				302L);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}

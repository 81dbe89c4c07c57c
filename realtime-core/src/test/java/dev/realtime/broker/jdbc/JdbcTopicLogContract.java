package dev.realtime.broker.jdbc;

import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.log.TopicLogContract;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.sequence.TopicCounter;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.MovableClock;
import org.awaitility.core.ThrowingRunnable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.realtime.testing.Messages.found;
import static dev.realtime.testing.Messages.lost;
import static dev.realtime.testing.Messages.seqs;
import static org.assertj.core.api.Assertions.assertThat;

/** What the log in a database keeps to. */
abstract class JdbcTopicLogContract extends TopicLogContract {

	private final MovableClock clock = new MovableClock();

	private final JdbcBroker broker = new JdbcBroker(dataSource(), new LoopbackRelay(), counter(),
			JdbcBrokerOptions.DEFAULT, this.clock, new Loops());

	protected abstract DataSource dataSource();

	/** What numbers, or null for the log. */
	protected @Nullable TopicCounter counter() {
		return null;
	}

	@BeforeEach
	void start() {
		this.broker.start(new Messages.Heard());
	}

	@AfterEach
	void close() {
		this.broker.close();
	}

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
		this.clock.move(time);
		Await.until(assertion);
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
	void aLargePageIsComplete() {
		IntStream.range(0, 650)
			.mapToObj((i) -> this.broker.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT))
			.toList()
			.forEach(Await::result);

		assertThat(found(read(head().withSeq(0), 600)).messages()).hasSize(600);
		assertThat(found(Await.result(log().readBefore(this.topic, null, 1_000))).messages()).hasSize(650);
	}

	@Test
	void voidNumbersRightBeforeTheFirstKeptMessageAreNotTakenForLostOnes() {
		Position first = store(1);
		skip(this.topic);
		skip(this.topic);
		TopicPolicy one = Messages.keep(1, Duration.ofHours(1));
		store(150, one);

		long kept = lost(read(first.withSeq(0), 10)).first();

		assertThat(seqs(found(read(first.withSeq(kept - 1), 10)).messages())).startsWith(kept);
	}

	@Test
	void aSilentTopicThatSpeaksAgainHasItsNewMessages() {
		TopicPolicy second = Messages.keep(10, Duration.ofSeconds(1));
		Position old = store(3, second);
		this.clock.move(Duration.ofSeconds(2));

		Position fresh = store(2, second);

		assertThat(fresh).isEqualTo(old.withSeq(5));
		assertThat(seqs(found(read(old, 10)).messages())).containsExactly(4L, 5L);
		Await.until(() -> assertThat(lost(read(old.withSeq(0), 10)).first()).isEqualTo(4));
	}

}

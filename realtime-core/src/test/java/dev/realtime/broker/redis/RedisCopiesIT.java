package dev.realtime.broker.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Copied;
import dev.realtime.broker.NumberedRun;
import dev.realtime.broker.RegionalBroker.Marks;
import dev.realtime.log.LogPage;
import dev.realtime.loop.Loops;
import dev.realtime.redis.RedisKeys;
import dev.realtime.testing.RedisServer;
import io.lettuce.core.RedisClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a region's Redis does with numbers of another region's. */
class RedisCopiesIT {

	private final RedisServer redis = RedisServer.shared();

	private final RedisClient client = RedisClient.create(this.redis.uri());

	private final Topic topic = Topic.of("copy." + System.nanoTime());

	private final RedisBroker broker = open();

	@BeforeEach
	void start() {
		this.broker.startPublishing();
	}

	@AfterEach
	void stop() {
		this.broker.close();
		this.client.shutdown(0, 1, TimeUnit.SECONDS);
	}

	private RedisBroker open() {
		return new RedisBroker(this.client, new RedisKeys("copies" + System.nanoTime()),
				new RedisBrokerOptions(Duration.ofSeconds(5), Duration.ofDays(2), 1_000), new Loops());
	}

	@Test
	void rule1_whatWasCopiedHasItsNumberAndTheSameAgainChangesNothing() {
		assertThat(copy(run("A", 1, 2, 3))).isEqualTo(new Copied(true, new Position("A", 3), 3));
		assertThat(copy(run("A", 2, 3))).isEqualTo(new Copied(true, new Position("A", 3), 0));
		assertThat(copy(run("A", 3, 4))).isEqualTo(new Copied(true, new Position("A", 4), 1));
		assertThat(read("A", 0)).containsExactly(1L, 2L, 3L, 4L);
	}

	@Test
	void rule3_whatDoesNotFollowIsNotStored() {
		copy(run("A", 1));
		assertThat(copy(run("A", 3))).isEqualTo(new Copied(false, new Position("A", 1), 0));
		assertThat(read("A", 0)).containsExactly(1L);
	}

	@Test
	void voidNumbersAreCoveredAndHaveNoMessage() {
		copy(page("A", 0, 4, "", false, 1, 3));
		copy(page("A", 4, 7, "", false));
		copy(page("A", 7, 8, "", false, 8));
		assertThat(read("A", 0)).containsExactly(1L, 3L, 8L);
		assertThat(read("A", 3)).containsExactly(8L);
		assertThat(((LogPage.Found) page("A", 1)).through().seq()).isEqualTo(8);
	}

	@Test
	void rule4_noReaderPassesAHoleThatIsNeverFilled() {
		copy(run("A", 1, 2, 3));
		assertThat(copy(page("A", 10, 12, "A", true, 11, 12)).follows()).isTrue();
		assertThat(page("A", 2)).isEqualTo(new LogPage.Lost(LogPage.Reason.EXPIRED, new Position("A", 12), 11));
		assertThat(read("A", 10)).containsExactly(11L, 12L);
	}

	@Test
	void anotherEpochReplacesOnlyTheOneThatItNames() {
		copy(run("A", 1, 2));
		assertThat(copy(run("B", 1)).follows()).isFalse();
		assertThat(copy(page("B", 0, 1, "C", false, 1)).follows()).isFalse();
		assertThat(read("A", 0)).containsExactly(1L, 2L);

		assertThat(copy(page("B", 0, 1, "A", false, 1))).isEqualTo(new Copied(true, new Position("B", 1), 1));
		assertThat(read("B", 0)).containsExactly(1L);
		assertThat(page("A", 2)).isInstanceOf(LogPage.Lost.class);
		assertThat(copy(page("C", 0, 1, "A", false, 1)).follows()).isFalse();
	}

	@Test
	void aMessagesTimeToLiveEndsInTheCopyAsAtHome() {
		TopicMessage over = new TopicMessage(this.topic, new Position("A", 1), 1_000, null, Content.text("over"), null,
				2_000);
		copy(new NumberedRun("A", 0, 1, List.of(over), "", false));
		copy(run("A", 2));
		assertThat(read("A", 0)).containsExactly(2L);
	}

	@Test
	void everyPublicationMarksItsTopicInOrderAndOnce() {
		publish("one");
		publish("two");
		publish("one");
		int partition = this.broker.partition(this.topic);
		Marks all = await(this.broker.marks(partition, Marks.Place.FIRST, 10));
		assertThat(all.topics()).containsExactly(this.topic);
		assertThat(await(this.broker.marks(partition, all.through(), 10)).topics()).isEmpty();
		publish("three");
		assertThat(await(this.broker.marks(partition, all.through(), 10)).topics()).containsExactly(this.topic);
		assertThat(await(this.broker.marks(partition, new Marks.Place("other", Long.MAX_VALUE), 10)).topics())
			.containsExactly(this.topic);
		await(this.broker.forget(this.topic));
		assertThat(await(this.broker.marks(partition, Marks.Place.FIRST, 10)).topics()).containsExactly(this.topic);
	}

	private void publish(String text) {
		await(this.broker.publishMarked(Publication.of(this.topic, Content.text(text)), TopicPolicy.DEFAULT, null));
	}

	private NumberedRun run(String epoch, long... seqs) {
		return page(epoch, seqs[0] - 1, seqs[seqs.length - 1], "", false, seqs);
	}

	private NumberedRun page(String epoch, long after, long through, String replaced, boolean gone, long... seqs) {
		List<TopicMessage> messages = Arrays.stream(seqs)
			.mapToObj((seq) -> new TopicMessage(this.topic, new Position(epoch, seq), System.currentTimeMillis(), null,
					Content.text("m" + seq), null, 0))
			.toList();
		return new NumberedRun(epoch, after, through, messages, replaced, gone);
	}

	private Copied copy(NumberedRun run) {
		return await(this.broker.copy(this.topic, run, TopicPolicy.DEFAULT));
	}

	private LogPage page(String epoch, long after) {
		return await(this.broker.log().read(this.topic, new Position(epoch, after), 100));
	}

	private List<Long> read(String epoch, long after) {
		return Stream.of((LogPage.Found) page(epoch, after))
			.flatMap((page) -> page.messages().stream())
			.map(TopicMessage::seq)
			.toList();
	}

	private static <T> T await(CompletionStage<T> stage) {
		return stage.toCompletableFuture().join();
	}

}

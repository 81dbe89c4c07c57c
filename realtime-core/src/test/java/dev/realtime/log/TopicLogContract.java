package dev.realtime.log;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.realtime.testing.Messages.found;
import static dev.realtime.testing.Messages.keep;
import static dev.realtime.testing.Messages.lost;
import static dev.realtime.testing.Messages.seqs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What every {@link TopicLog} keeps to. */
public abstract class TopicLogContract {

	protected final Topic topic = Messages.topic();

	protected abstract TopicLog log();

	/** Stores a message the way that the log's broker does. */
	protected abstract Position store(Publication publication, TopicPolicy policy);

	/** Takes a number that no message carries. */
	protected abstract Position skip(Topic topic);

	/** Holds once this time has passed. */
	protected abstract void after(Duration time, ThrowingRunnable assertion);

	protected Position store(int count) {
		return store(count, TopicPolicy.DEFAULT);
	}

	protected Position store(int count, TopicPolicy policy) {
		Position last = null;
		for (int i = 0; i < count; i++) {
			last = store(Messages.text(this.topic, "text"), policy);
		}
		assertThat(last).isNotNull();
		return last;
	}

	protected LogPage read(Position after, int limit) {
		return Await.result(log().read(this.topic, after, limit));
	}

	protected Position head() {
		return Await.result(log().heads(List.of(this.topic))).get(0);
	}

	@Test
	void aSilentTopicHasAPositionToComeBackWith() {
		Position silent = head();
		Position first = store(1);

		assertThat(silent.seq()).isZero();
		assertThat(seqs(found(read(silent, 10)).messages())).containsExactly(1L);
		assertThat(first).isEqualTo(silent.withSeq(1));
	}

	@Test
	void rule8_whoLooksAtATopicBeginsNoNumbering() {
		Topic other = Messages.topic();
		Position looked = Await.result(log().peek(List.of(this.topic, other))).get(0);
		assertThat(looked.seq()).isZero();
		assertThat(Await.result(log().peek(List.of(other, this.topic)))).containsOnly(looked);
		assertThat(found(read(looked, 10)).messages()).isEmpty();
		assertThat(found(read(looked, 10)).through()).isEqualTo(looked);
		assertThat(found(Await.result(log().readBefore(this.topic, null, 10))).messages()).isEmpty();
		assertThat(read(new Position("ANOTHER", 0), 10)).isInstanceOf(LogPage.Lost.class);
		assertThat(Await.result(log().peek(List.of(this.topic)))).containsExactly(looked);

		Position second = store(2);

		assertThat(second.epoch()).isNotEqualTo(looked.epoch());
		assertThat(Await.result(log().peek(List.of(this.topic, other)))).containsExactly(second, looked);
		LogPage.Found page = found(read(looked, 10));
		assertThat(seqs(page.messages())).containsExactly(1L, 2L);
		assertThat(page.through()).isEqualTo(second);
		assertThat(read(looked.withSeq(1), 10)).isInstanceOf(LogPage.Lost.class);
		assertThat(read(new Position("ANOTHER", 0), 10)).isInstanceOf(LogPage.Lost.class);
	}

	@Test
	void headsAreAnsweredInTheOrderAsked() {
		List<Topic> topics = IntStream.range(0, 50).mapToObj((i) -> Messages.topic()).toList();
		topics.forEach((each) -> IntStream.range(0, topics.indexOf(each))
			.forEach((i) -> store(Messages.text(each, "text"), TopicPolicy.DEFAULT)));

		assertThat(Await.result(log().heads(topics))).extracting(Position::seq)
			.containsExactlyElementsOf(IntStream.range(0, 50).mapToObj((i) -> (long) i).toList());
		assertThat(Await.result(log().heads(List.of()))).isEmpty();
	}

	@Test
	void aMessageComesBackUnchanged() {
		byte[] payload = new byte[512];
		IntStream.range(0, payload.length).forEach((i) -> payload[i] = (byte) i);
		Map<String, String> headers = new LinkedHashMap<>(Map.of("z", "last\n: ", "ä", "☃"));
		Content content = Content.of(payload, "application/octet-stream", "chat.message", headers);
		Position position = store(new Publication(this.topic, content, "id-1", "session-1", Duration.ofHours(1), null),
				TopicPolicy.DEFAULT);

		TopicMessage message = found(read(position.withSeq(0), 10)).messages().get(0);

		assertThat(message.topic()).isEqualTo(this.topic);
		assertThat(message.position()).isEqualTo(position);
		assertThat(message.id()).isEqualTo("id-1");
		assertThat(message.excludedSession()).isEqualTo("session-1");
		assertThat(message.expiresAt()).isEqualTo(message.timestamp() + 3_600_000);
		assertThat(message.content().payload()).isEqualTo(content.payload());
		assertThat(message.content().contentType()).isEqualTo("application/octet-stream");
		assertThat(message.content().type()).isEqualTo("chat.message");
		assertThat(message.content().headers()).containsExactlyEntriesOf(headers);
	}

	@Test
	void pagesFollowEachOtherToTheHead() {
		Position head = store(250);

		LogPage.Found first = found(read(head.withSeq(0), 100));
		LogPage.Found second = found(read(first.through(), 100));
		LogPage.Found third = found(read(second.through(), 100));

		assertThat(first.messages()).hasSize(100);
		assertThat(first.through().seq()).isEqualTo(100);
		assertThat(first.head()).isEqualTo(head);
		assertThat(List.of(first.hasMore(), second.hasMore(), third.hasMore())).containsExactly(true, true, false);
		assertThat(seqs(third.messages())).hasSize(50).startsWith(201L).endsWith(250L);
		assertThat(third.through()).isEqualTo(head);
	}

	@Test
	void nothingFollowsTheHead() {
		Position head = store(3);

		assertThat(read(head, 10)).isEqualTo(new LogPage.Found(List.of(), head, head, false));
	}

	@Test
	void aPositionOfAnotherEpochIsLost() {
		Position head = store(3);

		LogPage.Lost lost = lost(read(new Position("ANOTHER", 1), 10));

		assertThat(lost).isEqualTo(new LogPage.Lost(LogPage.Reason.EPOCH_CHANGED, head, 1));
	}

	@Test
	void aPositionBeyondTheHeadIsLost() {
		Position head = store(3);

		assertThat(lost(read(head.withSeq(4), 10)).reason()).isEqualTo(LogPage.Reason.EPOCH_CHANGED);
	}

	@Test
	void whatIsNoLongerKeptIsLostAndNotSkipped() {
		Position head = store(400, keep(10, Duration.ofHours(1)));

		LogPage.Lost lost = lost(read(head.withSeq(1), 10));

		assertThat(lost.reason()).isEqualTo(LogPage.Reason.EXPIRED);
		assertThat(lost.first()).isBetween(200L, 391L);
		assertThat(lost(read(head.withSeq(lost.first() - 2), 10)).first()).isEqualTo(lost.first());
		assertThat(seqs(found(read(head.withSeq(lost.first() - 1), 5)).messages())).startsWith(lost.first());
		assertThat(found(read(head.withSeq(390), 100)).messages()).hasSize(10);
	}

	@Test
	void aTopicThatFellSilentLongAgoHasLostItsMessagesButNotItsNumbers() {
		Position head = store(3, keep(10, Duration.ofSeconds(1)));

		after(Duration.ofSeconds(1), () -> assertThat(read(head.withSeq(1), 10))
			.isEqualTo(new LogPage.Lost(LogPage.Reason.EXPIRED, head, 4)));
		assertThat(read(head, 10)).isEqualTo(new LogPage.Found(List.of(), head, head, false));
		assertThat(store(1)).isEqualTo(head.withSeq(4));
		assertThat(seqs(found(read(head, 10)).messages())).containsExactly(4L);
	}

	@Test
	void messagesOlderThanTheHistoryGoWhileNewOnesCome() {
		TopicPolicy policy = keep(1_000, Duration.ofSeconds(1));
		Position first = store(1, policy);

		after(Duration.ofMillis(1_100), () -> {
			store(16, policy);
			assertThat(lost(read(first.withSeq(0), 10)).reason()).isEqualTo(LogPage.Reason.EXPIRED);
		});
	}

	@Test
	void voidNumbersAreSteppedOver() {
		Position start = skip(this.topic).withSeq(0);
		skip(this.topic);
		store(2);
		skip(this.topic);
		skip(this.topic);
		store(1);
		Position head = skip(this.topic);

		LogPage.Found page = found(read(start, 10));

		assertThat(seqs(page.messages())).containsExactly(3L, 4L, 7L);
		assertThat(page.through()).isEqualTo(head.withSeq(8));
		assertThat(seqs(found(read(start.withSeq(5), 10)).messages())).containsExactly(7L);
		assertThat(read(start.withSeq(7), 10)).isEqualTo(new LogPage.Found(List.of(), head, head, false));
	}

	@Test
	void voidNumbersAloneLoseNothing() {
		skip(this.topic);
		Position head = skip(this.topic);

		assertThat(read(head.withSeq(0), 10)).isEqualTo(new LogPage.Found(List.of(), head, head, false));
	}

	@Test
	void aPageCoversTheVoidNumbersThatFollowIt() {
		Position start = store(2).withSeq(0);
		skip(this.topic);
		store(1);

		LogPage.Found page = found(read(start, 2));

		assertThat(seqs(page.messages())).containsExactly(1L, 2L);
		assertThat(page.through().seq()).isEqualTo(3);
		assertThat(page.hasMore()).isTrue();
	}

	@Test
	void aMessageThatOutlivedItsTimeIsAbsent() {
		Position first = store(
				Publication.to(this.topic).content(Content.text("short")).timeToLive(Duration.ofMillis(200)).build(),
				TopicPolicy.DEFAULT);
		Position head = store(1);

		after(Duration.ofMillis(200),
				() -> assertThat(seqs(found(read(first.withSeq(0), 1)).messages())).containsExactly(2L));
		assertThat(found(read(first.withSeq(0), 1)).through()).isEqualTo(head);
		assertThat(seqs(found(Await.result(log().readBefore(this.topic, null, 5))).messages())).containsExactly(2L);
	}

	@Test
	void readsBackwardsFromTheLatest() {
		Position head = store(7);

		LogPage.Found latest = found(Await.result(log().readBefore(this.topic, null, 3)));
		LogPage.Found older = found(Await.result(log().readBefore(this.topic, latest.messages().get(0).position(), 3)));
		LogPage.Found oldest = found(Await.result(log().readBefore(this.topic, older.messages().get(0).position(), 3)));

		assertThat(seqs(latest.messages())).containsExactly(5L, 6L, 7L);
		assertThat(latest.head()).isEqualTo(head);
		assertThat(seqs(older.messages())).containsExactly(2L, 3L, 4L);
		assertThat(seqs(oldest.messages())).containsExactly(1L);
		assertThat(List.of(latest.hasMore(), older.hasMore(), oldest.hasMore())).containsExactly(true, true, false);
		assertThat(found(Await.result(log().readBefore(this.topic, head.withSeq(1), 3))).messages()).isEmpty();
	}

	@Test
	void readingBackwardsInAnotherEpochIsLost() {
		store(3);

		assertThat(lost(Await.result(log().readBefore(this.topic, new Position("ANOTHER", 3), 3))).reason())
			.isEqualTo(LogPage.Reason.EPOCH_CHANGED);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, TopicLog.MAX_PAGE + 1 })
	void aPageHasItsLimits(int limit) {
		Position head = head();

		assertThatIllegalArgumentException().isThrownBy(() -> log().read(this.topic, head, limit));
		assertThatIllegalArgumentException().isThrownBy(() -> log().readBefore(this.topic, head, limit));
	}

}

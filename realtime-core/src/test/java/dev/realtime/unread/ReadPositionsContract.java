package dev.realtime.unread;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.OddNames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What every {@link ReadPositions} keeps to. */
public abstract class ReadPositionsContract {

	protected final Topic topic = Messages.topic();

	protected abstract Broker broker();

	protected abstract ReadPositions positions();

	protected final Position publish(@Nullable String sender) {
		return publish(this.topic, sender, TopicPolicy.DEFAULT).position();
	}

	protected final Position publish(int count, @Nullable String sender) {
		return IntStream.range(0, count)
			.mapToObj((i) -> broker().publish(publication(this.topic, sender), TopicPolicy.DEFAULT))
			.toList()
			.stream()
			.map((call) -> Await.result(call).position())
			.reduce((first, second) -> second)
			.orElseThrow();
	}

	protected final PublishReceipt publish(Topic topic, @Nullable String sender, TopicPolicy policy) {
		return Await.result(broker().publish(publication(topic, sender), policy));
	}

	private static Publication publication(Topic topic, @Nullable String sender) {
		return Publication.to(topic).content(Content.text("text")).sender(sender).build();
	}

	protected final Unread unread(String user) {
		return Await.result(positions().unread(user, List.of(this.topic))).get(0);
	}

	protected final Unread mark(String user, @Nullable Position position) {
		Unread marked = Await.result(positions().markRead(user, this.topic, position));
		assertThat(unread(user)).isEqualTo(marked);
		return marked;
	}

	@Test
	void topicsWithOddNamesHaveReadPositionsOfTheirOwn() {
		List<Topic> topics = OddNames.topics("n" + Long.toHexString(System.nanoTime()));
		for (int i = 0; i < topics.size(); i++) {
			for (int messages = 0; messages <= i % 3; messages++) {
				publish(topics.get(i), null, TopicPolicy.DEFAULT);
			}
		}
		for (int i = 0; i < topics.size(); i += 2) {
			Await.result(positions().markRead("ann", topics.get(i), null));
		}
		List<Unread> unread = Await.result(positions().unread("ann", topics));
		for (int i = 0; i < topics.size(); i++) {
			assertThat(unread.get(i).topic()).isEqualTo(topics.get(i));
			assertThat(unread.get(i).latest().seq()).isEqualTo(i % 3 + 1);
			assertThat(unread.get(i).unread()).as(topics.get(i).toString()).isEqualTo((i % 2 == 0) ? 0 : i % 3 + 1);
		}
	}

	/** Keeps the last 100 messages, more or less, and waits until the others are gone. */
	protected final void trim() {
		TopicPolicy few = Messages.keep(100, Duration.ofHours(1));
		publish(this.topic, null, few);
		Await.until(() -> {
			assertThat(Messages.found(Await.result(broker().log().readBefore(this.topic, null, 1_000))).messages())
				.hasSizeLessThanOrEqualTo(200);
		});
	}

	@Test
	void ofATopicThatWasNeverOpenedEverythingIsUnread() {
		Position last = publish(7, null);

		assertThat(unread("ann")).isEqualTo(new Unread(this.topic, last, 0, 7));
	}

	@Test
	void ofATopicThatNobodyPublishedOnNothingIsUnread() {
		Unread unread = unread("ann");

		assertThat(unread.unread()).isZero();
		assertThat(mark("ann", null)).isEqualTo(unread);
		assertThat(unread("bob")).isEqualTo(unread);
		// A question has begun no numbering.
		assertThat(publish("bob").epoch()).isNotEqualTo(unread.latest().epoch());
		assertThat(unread("ann").unread()).isEqualTo(1);
	}

	@Test
	void whatComesAfterTheReadPositionIsUnread() {
		Position last = publish(10, null);

		assertThat(mark("ann", last.withSeq(4))).isEqualTo(new Unread(this.topic, last, 4, 6));
		assertThat(mark("ann", null)).isEqualTo(new Unread(this.topic, last, 10, 0));
		publish(3, null);
		assertThat(unread("ann").unread()).isEqualTo(3);
	}

	@Test
	void aPositionNeverMovesBack() {
		Position last = publish(10, null);
		mark("ann", last.withSeq(6));

		assertThat(mark("ann", last.withSeq(5)).read()).isEqualTo(6);
		assertThat(mark("ann", last.withSeq(0)).read()).isEqualTo(6);
		assertThat(mark("ann", last.withSeq(6)).unread()).isEqualTo(4);
	}

	@Test
	void aPositionBeyondTheEndMeansTheEnd() {
		Position last = publish(3, null);

		assertThat(mark("ann", last.withSeq(1_000))).isEqualTo(new Unread(this.topic, last, 3, 0));
		publish(2, null);
		assertThat(unread("ann").unread()).isEqualTo(2);
	}

	@Test
	void aPositionOfAnotherEpochChangesNothing() {
		Position last = publish(5, null);
		mark("ann", last.withSeq(2));

		assertThat(mark("ann", new Position("OTHER", 4))).isEqualTo(new Unread(this.topic, last, 2, 3));
		assertThat(mark("bob", new Position("OTHER", 4)).read()).isZero();
	}

	@Test
	void ownMessagesAreNotUnread() {
		publish(3, "bob");
		publish(2, "ann");
		publish(4, "bob");
		Position last = publish(1, "ann");

		assertThat(unread("ann")).isEqualTo(new Unread(this.topic, last, 0, 7));
		assertThat(unread("bob")).isEqualTo(new Unread(this.topic, last, 0, 3));
		assertThat(unread("eve").unread()).isEqualTo(10);
	}

	@Test
	void aMessageThatWasPublishedBeforeIsCountedOnce() {
		Publication twice = Publication.to(this.topic).id("id").sender("ann").build();
		Await.result(broker().publish(twice, TopicPolicy.DEFAULT));
		Await.result(broker().publish(twice, TopicPolicy.DEFAULT));
		publish("bob");

		assertThat(unread("ann").unread()).isEqualTo(1);
	}

	@Test
	void everyPositionCountsOwnMessagesAndVoidsExactly() {
		List<String> history = history(new Random(7), 120);
		int read = 0;
		for (int step : new int[] { 1, 1, 2, 1, 5, 9, 1, 1, 1, 17, 3, 20, 1, 30, 2, 11, 12 }) {
			read += step;
			Position head = unread("ann").latest();
			assertThat(mark("ann", head.withSeq(read)).unread()).as("read up to %s", read)
				.isEqualTo(expected(history, read, "ann"));
		}
		assertThat(unread("bob").unread()).isEqualTo(expected(history, 0, "bob"));
		assertThat(unread("eve").unread()).isEqualTo(expected(history, 0, "eve"));
	}

	@Test
	void theNumberStaysRightWhenMessagesAreTrimmed() {
		List<String> history = history(new Random(11), 500);
		Position head = unread("ann").latest();
		mark("ann", head.withSeq(17));
		trim();
		history.add("");

		assertThat(unread("ann").unread()).isEqualTo(expected(history, 17, "ann"));
		assertThat(unread("bob").unread()).isEqualTo(expected(history, 0, "bob"));
		assertThat(unread("eve").unread()).isEqualTo(expected(history, 0, "eve"));
		long first = Messages.lost(Await.result(broker().log().read(this.topic, head.withSeq(0), 1))).first();
		for (String user : List.of("ann", "bob", "eve")) {
			for (long read = first - 1; read < head.seq(); read += 7) {
				assertThat(mark(user, head.withSeq(read)).unread()).as("%s read up to %s", user, read)
					.isEqualTo(expected(history, (int) read, user));
			}
		}
	}

	@Test
	void aPositionThatWasTrimmedHidesNothingUnread() {
		List<String> history = history(new Random(13), 500);
		Position head = unread("ann").latest();
		trim();
		history.add("");

		for (int read = 1; read < 200; read += 9) {
			assertThat(mark("ann", head.withSeq(read)).unread()).as("read up to %s", read)
				.isBetween(expected(history, read, "ann"), (long) history.size() - read);
			assertThat(mark("stranger", head.withSeq(read)).unread())
				.isGreaterThanOrEqualTo(expected(history, read, "stranger"));
		}
		assertThat(mark("ann", head).unread()).isEqualTo(1);
	}

	@Test
	void manyTopicsAreAnsweredInOneCallInTheirOrder() {
		List<Topic> topics = new ArrayList<>();
		for (int i = 0; i < ReadPositions.MAX_TOPICS; i++) {
			Topic each = Topic.of(this.topic.name() + '.' + i);
			topics.add(each);
			for (int n = 0; n < i % 3; n++) {
				publish(each, null, TopicPolicy.DEFAULT);
			}
		}
		Collections.shuffle(topics, new Random(3));

		List<Unread> answers = Await.result(positions().unread("ann", topics));

		assertThat(answers).extracting(Unread::topic).containsExactlyElementsOf(topics);
		assertThat(answers).allSatisfy((each) -> assertThat(each.unread())
			.isEqualTo(Integer.parseInt(each.topic().name().substring(this.topic.name().length() + 1)) % 3));
		assertThat(Await.result(positions().unread("ann", List.of()))).isEmpty();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> positions().unread("ann", Collections.nCopies(101, this.topic)))
			.withMessageContaining("100 topics");
	}

	@Test
	void usersWhoseNamesLookAlikeAreApart() {
		List<String> users = List.of("ann", "ANN", "ann ", " ann", "ann\0", "ann\\u0000", "änn", "😀", "half \ud83d",
				"x".repeat(255), "\0".repeat(255), "€".repeat(255));
		Position last = publish(users.size() + 1, null);
		for (int i = 0; i < users.size(); i++) {
			mark(users.get(i), last.withSeq(i + 1));
			publish(users.get(i));
		}

		long latest = 2L * users.size() + 1;
		List<Long> expected = IntStream.range(0, users.size()).mapToObj((i) -> latest - (i + 1) - 1).toList();
		assertThat(users).extracting((user) -> unread(user).unread()).isEqualTo(expected);
		assertThat(unreadOf(this.topic, users)).isEqualTo(expected);
	}

	@Test
	void manyUsersOfOneTopicAreAnsweredInTheirOrder() {
		Position last = publish(5, "bob");
		mark("ann", last.withSeq(2));

		assertThat(unreadOf(this.topic, List.of("eve", "bob", "ann", "eve"))).containsExactly(5L, 0L, 3L, 5L);
		assertThat(unreadOf(this.topic, List.of("x", "y"))).containsExactly(5L, 5L);
		assertThat(unreadOf(Messages.topic(), List.of("x"))).containsExactly(0L);
	}

	private List<Long> unreadOf(Topic topic, List<String> users) {
		List<UserTopic> pairs = users.stream().map((user) -> new UserTopic(user, topic)).toList();
		return Await.result(positions().unread(pairs)).stream().map(Unread::unread).toList();
	}

	@Test
	void manyUsersOfManyTopicsAreAnsweredInTheOrderOfThePairs() {
		List<UserTopic> pairs = new ArrayList<>();
		List<Unread> expected = new ArrayList<>();
		for (int t = 0; t < 5; t++) {
			Topic each = Topic.of(this.topic.name() + '.' + t);
			for (int n = 0; n <= t; n++) {
				publish(each, (n % 2 == 0) ? "bob" : "ann", TopicPolicy.DEFAULT);
			}
			Await.result(positions().markRead("eve", each, null));
		}
		for (int u = 0; u < 1_200; u++) {
			Topic each = Topic.of(this.topic.name() + '.' + (u % 6));
			pairs.add(new UserTopic((u % 4 < 3) ? List.of("ann", "bob", "eve").get(u % 4) : "user." + u, each));
		}
		for (UserTopic pair : pairs) {
			expected.addAll(Await.result(positions().unread(pair.user(), List.of(pair.topic()))));
		}

		assertThat(Await.result(positions().unread(pairs))).isEqualTo(expected);
		assertThat(Await.result(positions().unread(List.of()))).isEmpty();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> positions().unread(Collections.nCopies(5_001, pairs.get(0))))
			.withMessageContaining("5000");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> positions().unread(List.of(new UserTopic("", this.topic))));
	}

	@Test
	void pairsOfMoreTopicsThanOneStatementComparesWithAreAnswered() {
		List<UserTopic> pairs = IntStream.range(0, 600)
			.mapToObj((i) -> new UserTopic("user." + i, Topic.of(this.topic.name() + '.' + i)))
			.toList();
		publish(pairs.get(0).topic(), null, TopicPolicy.DEFAULT);
		publish(pairs.get(599).topic(), null, TopicPolicy.DEFAULT);

		List<Unread> answers = Await.result(positions().unread(pairs));

		assertThat(answers).extracting(Unread::topic).isEqualTo(pairs.stream().map(UserTopic::topic).toList());
		assertThat(answers.stream().filter((each) -> each.unread() == 1)).hasSize(2);
		assertThat(Await.result(positions().unread(pairs))).isEqualTo(answers);
	}

	@Test
	void eachMoveIsCountedForItsUserAndNothingElseIs() {
		String ann = "ann of " + this.topic;
		String bob = "bob of " + this.topic;
		Position last = publish(5, bob);
		mark(ann, last.withSeq(2));
		mark(ann, last.withSeq(3));
		mark(ann, last.withSeq(1));

		assertThat(Await.result(positions().moves(List.of(bob, ann, "nobody of " + this.topic)))).containsExactly(0L,
				2L, 0L);
	}

	@Test
	void aNameThatIsEmptyOrTooLongIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> positions().markRead("", this.topic, null));
		assertThatIllegalArgumentException().isThrownBy(() -> positions().unread("x".repeat(256), List.of(this.topic)));
	}

	/**
	 * Publishes as these three and takes numbers for nothing; says who had each number.
	 */
	private List<String> history(Random random, int count) {
		List<String> history = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			String who = List.of("ann", "bob", "", "void").get(random.nextInt(4));
			history.add(who);
			if (who.equals("void")) {
				Await.result(broker().sequence().next(this.topic));
			}
			else {
				publish(who.isEmpty() ? null : who);
			}
		}
		return history;
	}

	private static long expected(List<String> history, int read, String user) {
		return history.stream().skip(read).filter((who) -> !who.equals("void") && !who.equals(user)).count();
	}

}

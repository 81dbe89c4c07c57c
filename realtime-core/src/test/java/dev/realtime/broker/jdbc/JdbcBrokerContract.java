package dev.realtime.broker.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What a durable broker keeps to outside of transactions, on every database. */
abstract class JdbcBrokerContract extends JdbcTransactionsContract {

	@Test
	void whatADeadNodeDidNotAnnounceIsAnnouncedByAnother() throws SQLException {
		JdbcBroker dead = node(JdbcBrokerOptions.DEFAULT, new Messages.Heard());
		Messages.Heard elsewhere = new Messages.Heard();
		JdbcBroker other = node(QUICK, elsewhere);
		Await.result(other.subscribe(this.topic));
		try (Connection connection = dataSource().getConnection()) {
			connection.setAutoCommit(false);
			dead.publishIn(connection, Messages.text(this.topic, "one"), TopicPolicy.DEFAULT);
			dead.publishIn(connection, Messages.text(this.topic, "two"), TopicPolicy.DEFAULT);
			connection.commit();
		}

		Await.until(() -> assertThat(elsewhere.texts()).startsWith("one", "two"));
		Await.until(() -> assertThat(waitingInOutbox()).isZero());
	}

	@Test
	void whatWasAnnouncedLeavesTheOutbox() throws SQLException {
		IntStream.range(0, 50).forEach((i) -> publish("text"));

		Await.until(() -> assertThat(waitingInOutbox()).isZero());
		assertThat(kept()).hasSize(50);
	}

	@Test
	void twoBrokersOnOneDatabaseNumberOneTopicWithoutDoublesInOrder() {
		List<JdbcBroker> brokers = List.of(node(JdbcBrokerOptions.DEFAULT, new Messages.Heard()),
				node(JdbcBrokerOptions.DEFAULT, new Messages.Heard()));
		List<List<CompletableFuture<PublishReceipt>>> calls = IntStream.range(0, 2)
			.parallel()
			.mapToObj((node) -> IntStream.range(0, 1_000)
				.mapToObj((i) -> brokers.get(node)
					.publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT)
					.toCompletableFuture())
				.toList())
			.toList();

		List<List<Long>> seqs = calls.stream()
			.map((each) -> each.stream().map((call) -> Await.result(call).position().seq()).toList())
			.toList();

		assertThat(seqs).allSatisfy((each) -> assertThat(each).isSorted());
		assertThat(seqs.stream().flatMap(List::stream).sorted())
			.containsExactlyElementsOf(LongStream.rangeClosed(1, 2_000).boxed().toList());
	}

	@Test
	void aFullQueueRefusesClearlyAndNothingElseIsLost() {
		JdbcBroker narrow = node(JdbcBrokerOptions.DEFAULT.withQueue(10, 1 << 20), new Messages.Heard());
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
		assertThat(publish("next").position().seq()).isEqualTo(1_001 - refused.size());
		Await.until(() -> assertThat(narrow.waiting()).isZero());
	}

	@Test
	void oneBadMessageOfABatchFailsAlone() throws SQLException {
		execute("ALTER TABLE realtime_message ADD CONSTRAINT no_bad_type CHECK (type IS NULL OR type <> 'bad type')");
		try {
			List<CompletableFuture<PublishReceipt>> calls = IntStream.range(0, 20)
				.mapToObj((i) -> broker()
					.publish(Publication.to(this.topic).type((i == 13) ? "bad type" : "good").build(),
							TopicPolicy.DEFAULT)
					.toCompletableFuture())
				.toList();

			assertThatThrownBy(() -> Await.result(calls.get(13))).isInstanceOf(PublishException.class)
				.hasMessageContaining("the database refused it");
			List<Long> seqs = IntStream.range(0, 20)
				.filter((i) -> i != 13)
				.mapToObj((i) -> Await.result(calls.get(i)).position().seq())
				.toList();
			assertThat(seqs).isSorted().doesNotHaveDuplicates();
			Await.until(() -> assertThat(Messages.seqs(kept())).isEqualTo(seqs));
			if (reusesNumbers()) {
				assertThat(seqs).endsWith(19L);
			}
		}
		finally {
			execute("ALTER TABLE realtime_message DROP CONSTRAINT no_bad_type");
		}
	}

	@Test
	void textsThatADatabaseMayRefuseComeBackUnchanged() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("nul\0", "\0\"\\u0000\\");
		headers.put("", "");
		headers.put("😀", "half \ud83d pair, \u2028, {\"a\":1}");
		headers.put("a", "\t\r\n");
		Content content = Content.of(new byte[0], "text/plain\0", "type\\\0", headers);
		Publication publication = new Publication(this.topic, content, "id\0 ", "session\0", null, "sender\0 ");

		Await.result(broker().publish(publication, TopicPolicy.DEFAULT));

		TopicMessage message = kept().get(0);
		assertThat(message.id()).isEqualTo("id\0 ");
		assertThat(message.excludedSession()).isEqualTo("session\0");
		assertThat(message.content().contentType()).isEqualTo("text/plain\0");
		assertThat(message.content().type()).isEqualTo("type\\\0");
		assertThat(message.content().headers()).containsExactlyEntriesOf(publication.content().headers());
		Publication shorter = Publication.to(this.topic).id("id\0").build();
		assertThat(Await.result(broker().publish(shorter, TopicPolicy.DEFAULT)).duplicate()).isFalse();
		assertThat(Await.result(broker().publish(publication, TopicPolicy.DEFAULT)).duplicate()).isTrue();
	}

	@Test
	void topicsThatDifferInCaseOnlyAreTwo() {
		Publication upper = Messages.text(Topic.of(this.topic.name() + ".A"), "text");
		Publication lower = Messages.text(Topic.of(this.topic.name() + ".a"), "text");

		assertThat(Await.result(broker().publish(upper, TopicPolicy.DEFAULT)).position().seq()).isEqualTo(1);
		assertThat(Await.result(broker().publish(lower, TopicPolicy.DEFAULT)).position().seq()).isEqualTo(1);
	}

	@Test
	void idsThatDifferInCaseOnlyAreTwo() {
		Publication upper = Publication.to(this.topic).id("A").build();
		Publication lower = Publication.to(this.topic).id("a").build();

		assertThat(Await.result(broker().publish(upper, TopicPolicy.DEFAULT)).duplicate()).isFalse();
		assertThat(Await.result(broker().publish(lower, TopicPolicy.DEFAULT)).duplicate()).isFalse();
		assertThat(Await.result(broker().publish(upper, TopicPolicy.DEFAULT)).duplicate()).isTrue();
	}

	/**
	 * On a slow machine not all is stored in time. What the database is at work on has an
	 * unknown outcome then.
	 */
	@Test
	void whatWaitsWhenTheBrokerClosesIsStoredOrFailsClearly() {
		JdbcBroker closing = node(JdbcBrokerOptions.DEFAULT, new Messages.Heard());
		TopicPolicy keepAll = Messages.keep(10_000, Duration.ofHours(1));
		List<CompletableFuture<PublishReceipt>> calls = IntStream.range(0, 2_000)
			.mapToObj((i) -> closing.publish(Messages.text(this.topic, "text " + i), keepAll).toCompletableFuture())
			.toList();

		closing.close();

		assertThat(calls).allMatch(CompletableFuture::isDone);
		Set<String> stored = new HashSet<>();
		Set<String> refused = new HashSet<>();
		for (int i = 0; i < calls.size(); i++) {
			Throwable failure = calls.get(i).handle((receipt, ex) -> ex).join();
			if (failure == null) {
				stored.add("text " + i);
			}
			else if (!((PublishException) failure).isOutcomeUnknown()) {
				refused.add("text " + i);
			}
		}
		Position last = Await.result(broker().publish(Messages.text(this.topic, "next"), keepAll)).position();
		Await.until(() -> assertThat(texts(last)).containsAll(stored).contains("next"));
		assertThat(texts(last)).noneMatch(refused::contains).doesNotHaveDuplicates();
		if (stored.size() == calls.size()) {
			assertThat(last.seq()).isEqualTo(2_001);
		}
	}

	/** What the log has, read in pages. */
	private List<String> texts(Position last) {
		List<String> texts = new ArrayList<>();
		Position from = last.withSeq(0);
		LogPage.Found page;
		do {
			page = Messages.found(Await.result(broker().log().read(this.topic, from, 1_000)));
			page.messages().forEach((message) -> texts.add(message.content().text()));
			from = page.through();
		}
		while (page.hasMore());
		return texts;
	}

}

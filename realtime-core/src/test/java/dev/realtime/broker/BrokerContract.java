package dev.realtime.broker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.OddNames;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What every {@link Broker} keeps to, for one node and, where {@link #create()} gives
 * brokers of one fleet, for several.
 */
public abstract class BrokerContract {

	private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

	private static final int THREADS = 8;

	private static final int EACH = 250;

	protected final Topic topic = Messages.topic();

	protected final Messages.Heard heard = new Messages.Heard();

	private final List<Broker> started = new ArrayList<>();

	/** A broker that is not yet started. */
	protected abstract Broker create();

	/** Whether two brokers of {@link #create()} belong to one fleet. */
	protected abstract boolean isFleet();

	/**
	 * Whether messages that several nodes publish are heard in the order of their
	 * numbers. If not, the hub puts them in order.
	 */
	protected boolean isHeardInOrder() {
		return true;
	}

	/** Holds once this time has passed. */
	protected abstract void after(Duration time, ThrowingRunnable assertion);

	@BeforeEach
	void start() {
		start(this.heard);
	}

	@AfterEach
	void close() {
		this.started.forEach(Broker::close);
	}

	protected Broker start(Messages.Heard listener) {
		Broker broker = create();
		broker.start(listener);
		this.started.add(broker);
		return broker;
	}

	protected Broker broker() {
		return this.started.get(0);
	}

	protected PublishReceipt publish(String text) {
		return Await.result(broker().publish(Messages.text(this.topic, text), TopicPolicy.DEFAULT));
	}

	@Test
	void callsOfOneThreadAreNumberedInTheirOrder() {
		List<CompletableFuture<PublishReceipt>> calls = IntStream.range(0, 1_000)
			.mapToObj((i) -> broker().publish(Messages.text(this.topic, "text"), TopicPolicy.DEFAULT)
				.toCompletableFuture())
			.toList();

		assertThat(calls.stream().map((call) -> Await.result(call).position().seq()))
			.containsExactlyElementsOf(LongStream.rangeClosed(1, 1_000).boxed().toList());
	}

	@Test
	void oddNamesAreTopicsOfTheirOwn() {
		List<Topic> topics = OddNames.topics("n" + Long.toHexString(System.nanoTime()));
		topics.forEach((odd) -> Await.result(broker().subscribe(odd)));

		topics.forEach((odd) -> Await.result(broker().publish(Messages.text(odd, odd.name()), TopicPolicy.DEFAULT)));

		Await.until(() -> assertThat(this.heard.messages()).hasSize(topics.size()));
		assertThat(this.heard.messages()).extracting(TopicMessage::topic).containsExactlyInAnyOrderElementsOf(topics);
		assertThat(this.heard.messages()).allSatisfy((message) -> {
			assertThat(message.seq()).isEqualTo(1);
			assertThat(message.content().text()).isEqualTo(message.topic().name());
		});
		assertThat(topics).allSatisfy((odd) -> {
			LogPage.Found page = Messages.found(Await.result(broker().log().readBefore(odd, null, 10)));
			assertThat(page.messages()).extracting((message) -> message.content().text()).containsExactly(odd.name());
		});
	}

	@Test
	void whatIsImportantIsSoInTheLogAndForSubscribersAndNothingElseIs() {
		Await.result(broker().subscribe(this.topic));
		for (boolean important : new boolean[] { true, false }) {
			Publication publication = Publication.to(this.topic)
				.content(Content.text("text"))
				.header(Content.IMPORTANT, "true")
				.important(important)
				.build();
			Await.result(broker().publish(publication, TopicPolicy.DEFAULT));
		}
		Await.until(() -> assertThat(this.heard.messages()).extracting(TopicMessage::isImportant)
			.containsExactly(true, false));
		LogPage.Found page = Messages.found(Await.result(broker().log().readBefore(this.topic, null, 10)));
		assertThat(page.messages()).extracting(TopicMessage::isImportant).containsExactly(true, false);
	}

	@Test
	void aSubscriberHearsWhatIsPublishedAsItIsInTheLog() {
		Await.result(broker().subscribe(this.topic));
		Publication publication = Publication.to(this.topic)
			.content(Content.json("{}"))
			.type("kind")
			.header("a", "b")
			.header(Content.JOURNEY, "true")
			.id("id")
			.excludeSession("session")
			.timeToLive(Duration.ofMinutes(1))
			.build()
			.traced(TRACEPARENT);

		PublishReceipt receipt = Await.result(broker().publish(publication, TopicPolicy.DEFAULT));

		Await.until(() -> assertThat(this.heard.messages()).hasSize(1));
		TopicMessage message = this.heard.messages().get(0);
		assertThat(message.position()).isEqualTo(receipt.position());
		assertThat(message.timestamp()).isEqualTo(receipt.timestamp());
		assertThat(message.content().headers()).containsOnly(Map.entry("a", "b"));
		assertThat(message.content().trace()).isEqualTo(TRACEPARENT);
		assertThat(message.content().hasJourney()).isTrue();
		assertThat(message.expiresAt()).isEqualTo(receipt.timestamp() + 60_000);
		assertThat(message).usingRecursiveComparison()
			.isEqualTo(Messages.found(Await.result(broker().log().read(this.topic, receipt.position().withSeq(0), 10)))
				.messages()
				.get(0));
	}

	@Test
	void aSignalIsHeardAndHasNoNumberAndNoPlaceInTheLog() {
		Await.result(broker().subscribe(this.topic));
		Signal signal = new Signal(this.topic, "typing", "ann", "{}", null);

		PublishReceipt before = publish("before");
		Await.result(broker().signal(signal));
		PublishReceipt after = publish("after");

		Await.until(() -> assertThat(this.heard.signals()).containsExactly(signal));
		Await.until(() -> assertThat(this.heard.texts()).containsExactly("before", "after"));
		assertThat(after.position().seq()).isEqualTo(before.position().seq() + 1);
		assertThat(Messages.found(Await.result(broker().log().read(this.topic, before.position().withSeq(0), 10)))
			.messages()).hasSize(2);
	}

	@Test
	void manyPublishersGetEachNumberOnceAndEveryMessageIsReadableWhenItIsHeard() {
		Queue<CompletableFuture<LogPage>> reads = new ConcurrentLinkedQueue<>();
		this.heard.reacting((message) -> reads.add(broker().log()
			.read(this.topic, message.position().withSeq(message.seq() - 1), 1)
			.toCompletableFuture()));
		Await.result(broker().subscribe(this.topic));
		List<Broker> brokers = isFleet() ? List.of(broker(), start(new Messages.Heard())) : List.of(broker());

		CompletableFuture<?>[] threads = IntStream.range(0, THREADS)
			.mapToObj((thread) -> CompletableFuture
				.runAsync(() -> publishMany(brokers.get(thread % brokers.size()), thread)))
			.toArray(CompletableFuture[]::new);
		Await.result(CompletableFuture.allOf(threads));

		Await.until(() -> assertThat(this.heard.messages()).hasSize(THREADS * EACH));
		List<Long> seqs = Messages.seqs(this.heard.messages());
		assertThat(isHeardInOrder() ? seqs : seqs.stream().sorted().toList())
			.containsExactlyElementsOf(LongStream.rangeClosed(1, THREADS * EACH).boxed().toList());
		assertThat(reads).hasSize(THREADS * EACH)
			.allSatisfy((read) -> assertThat(Messages.found(Await.result(read)).messages()).hasSize(1));
		IntStream.range(0, THREADS)
			.forEach((thread) -> assertThat(this.heard.texts().stream().filter((text) -> text.startsWith(thread + ":")))
				.containsExactlyElementsOf(IntStream.range(0, EACH).mapToObj((i) -> thread + ":" + i).toList()));
	}

	private void publishMany(Broker broker, int thread) {
		IntStream.range(0, EACH)
			.mapToObj((i) -> broker.publish(Messages.text(this.topic, thread + ":" + i), TopicPolicy.DEFAULT))
			.toList()
			.forEach(Await::result);
	}

	@Test
	void theSameIdIsPublishedOnceHoweverManyTry() {
		Publication publication = Publication.to(this.topic).id("order 17 ☃").build();
		publish("before");

		List<PublishReceipt> receipts = IntStream.range(0, 64)
			.parallel()
			.mapToObj((i) -> broker().publish(publication, TopicPolicy.DEFAULT))
			.toList()
			.stream()
			.map(Await::result)
			.toList();

		assertThat(receipts).filteredOn((receipt) -> !receipt.duplicate()).hasSize(1);
		assertThat(receipts).extracting(PublishReceipt::position).containsOnly(receipts.get(0).position());
		assertThat(receipts).extracting(PublishReceipt::timestamp).containsOnly(receipts.get(0).timestamp());
		assertThat(publish("after").position().seq()).isEqualTo(3);
	}

	@Test
	void anIdCountsInItsScopeOnly() {
		Content content = Publication.to(this.topic).build().content();
		for (String scope : new String[] { "", "ann", "bob", null }) {
			Publication scoped = new Publication(this.topic, content, "id", null, null, null, scope);
			assertThat(Await.result(broker().publish(scoped, TopicPolicy.DEFAULT)).duplicate()).as(scope).isFalse();
			assertThat(Await.result(broker().publish(scoped, TopicPolicy.DEFAULT)).duplicate()).as(scope).isTrue();
		}
		// Scope and id are told apart.
		Publication other = new Publication(this.topic, content, "bid", null, null, null, "bo");
		assertThat(Await.result(broker().publish(other, TopicPolicy.DEFAULT)).duplicate()).isFalse();
	}

	@Test
	void anIdCountsOnItsTopicOnly() {
		Publication here = Publication.to(this.topic).id("id").build();
		Publication there = Publication.to(Messages.topic()).id("id").build();
		Await.result(broker().publish(here, TopicPolicy.DEFAULT));

		assertThat(Await.result(broker().publish(there, TopicPolicy.DEFAULT)).duplicate()).isFalse();
	}

	@Test
	void anIdIsForgottenAfterItsWindow() {
		TopicPolicy policy = TopicPolicy.builder()
			.history(100, Duration.ofHours(1))
			.idempotencyWindow(Duration.ofSeconds(1))
			.build();
		Publication publication = Publication.to(this.topic).id("id").build();
		Await.result(broker().publish(publication, policy));
		assertThat(Await.result(broker().publish(publication, policy)).duplicate()).isTrue();

		after(Duration.ofSeconds(1), () -> {
			PublishReceipt again = Await.result(broker().publish(publication, policy));
			assertThat(again.duplicate()).isFalse();
			assertThat(again.position().seq()).isEqualTo(2);
		});
	}

	@Test
	void aNumberTakenFromTheSequenceIsNoMessages() {
		Position first = publish("first").position();
		Position taken = Await.result(broker().sequence().next(this.topic));
		Position third = publish("third").position();

		assertThat(List.of(taken, third)).containsExactly(first.withSeq(2), first.withSeq(3));
		assertThat(Messages
			.seqs(Messages.found(Await.result(broker().log().read(this.topic, first.withSeq(0), 10))).messages()))
			.containsExactly(1L, 3L);
	}

	@Test
	void publishingOnAClosedBrokerFailsClearly() {
		broker().close();
		broker().close();

		assertThat(broker().isConnected()).isFalse();
		assertThatThrownBy(() -> publish("late")).isInstanceOf(PublishException.class)
			.hasMessageContaining(this.topic.name());
	}

}

package dev.realtime.hub;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.LongStream;

import dev.realtime.Overflow;
import dev.realtime.Position;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.FrameInterceptor;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.connection.TestInterceptor;
import dev.realtime.delivery.Frame;
import dev.realtime.testing.SmallHub;
import dev.realtime.testing.Sneaky;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What an application's interceptor may do to messages, and what it cannot break. */
class InterceptionTests extends HubFixture<UnreliableBroker> {

	private static final HubOptions SMALL_QUEUES = SmallHub.OPTIONS.toBuilder()
		.checkInterval(Duration.ofHours(1))
		.build();

	InterceptionTests() {
		super(new UnreliableBroker(), SMALL_QUEUES, new PlainEncoder());
	}

	@Test
	void whatItReturnsIsWrittenInTheOrderOfTheTopic() {
		this.hub.intercept(new TestInterceptor((message) -> (message.seq() % 2 == 0) ? "even" : ""));
		RecordingTransport client = subscribed("a");
		publish(90);
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(range(1, 90)));
		assertThat(client.messages()).contains("message sub-0 1 m", "message sub-0 2 even");
		await().untilAsserted(() -> assertThat(this.hub.stats().queuedBytes()).isZero());
	}

	@Test
	void rule9_itNeverRunsOnAShard() {
		Set<String> threads = ConcurrentHashMap.newKeySet();
		this.hub.intercept(new TestInterceptor((message) -> {
			threads.add(Thread.currentThread().getName());
			return "";
		}));
		Position first = publish(10);
		RecordingTransport client = subscribed("a", first.withSeq(1));
		publish(10);
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(range(2, 20)));
		assertThat(threads).isNotEmpty().noneMatch((name) -> name.startsWith("realtime-"));
	}

	@Test
	void rule9_whatItThrowsCostsOneMessageOfOneSubscription() {
		RecordingTransport[] clients = new RecordingTransport[5];
		this.hub.intercept(new PerConnection("c2", 2, new IllegalStateException("on purpose")));
		for (int i = 0; i < clients.length; i++) {
			clients[i] = subscribed("c" + i);
		}
		publish(3);
		for (int i = 0; i < clients.length; i++) {
			RecordingTransport client = clients[i];
			List<Long> expected = (i == 2) ? List.of(1L, 3L) : range(1, 3);
			await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(expected));
		}
		assertThat(clients[2].frames).containsSubsequence("message sub-0 1 m", "gap sub-0 2 2 failed",
				"message sub-0 3 m");
		assertThat(this.hub.stats().interceptorFailures()).isEqualTo(1);
	}

	@Test
	void rule9_anErrorDuringARecoveryCostsOneMessage() {
		this.hub.intercept(new PerConnection("a", 5, new OutOfMemoryError("on purpose")));
		Position last = publish(10);
		RecordingTransport client = subscribed("a", last.withSeq(1));
		publish(5);
		await().untilAsserted(() -> assertThat(client.seqs()).endsWith(15L));
		assertThat(client.seqs()).isEqualTo(LongStream.rangeClosed(2, 15).filter((seq) -> seq != 5).boxed().toList());
		assertThat(client.others()).contains("gap sub-0 5 5 failed");
	}

	@Test
	void rule9_anErrorOnTheFirstMessageOfARecoveryDoesNotSilenceIt() {
		this.hub.intercept(new PerConnection("a", 2, new StackOverflowError("on purpose")));
		Position last = publish(10);
		RecordingTransport client = new RecordingTransport();
		this.hub.connect("a", client).subscribe(new SubscribeRequest("sub-0", ROOM, last.withSeq(1), 0, null));
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(range(3, 10)));
		publish(5);
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(range(3, 15)));
		assertThat(client.others()).isEmpty();
	}

	@Test
	void rule3_aRangeThatWasVetoedIsOneGapInItsPlace() {
		this.hub.intercept(new TestInterceptor((message) -> (message.seq() == 1 || message.seq() > 8) ? "" : null));
		Position last = publish(10);
		RecordingTransport client = subscribed("a", last.withSeq(0));
		await().untilAsserted(() -> assertThat(client.frames).containsExactly("receipt r 10 RECOVERED 10",
				"message sub-0 1 m", "gap sub-0 2 8 vetoed", "message sub-0 9 m", "message sub-0 10 m"));
		assertThat(this.hub.stats().vetoed()).isEqualTo(7);
		assertThat(this.hub.stats().interceptorFailures()).isZero();
	}

	@Test
	void rule4_aLongRecoveryIsPacedByTheQueueAndComplete() {
		this.hub.intercept(new TestInterceptor((message) -> ""));
		Position last = publish(4_500);
		RecordingTransport client = subscribed("a", last.withSeq(1));
		await().untilAsserted(() -> assertThat(client.seqs()).hasSize(4_499));
		assertThat(client.seqs()).isEqualTo(range(2, 4_500));
		assertThat(client.closed).isNull();
	}

	@Test
	void rule5_whileItIsSlowTheQueueKeepsItsBoundAndItsPolicy() throws Exception {
		this.policies = TopicPolicies.all(TopicPolicy.builder().queue(10, 64 * 1024, Overflow.DROP_OLDEST).build());
		CountDownLatch open = new CountDownLatch(1);
		this.hub.intercept(new TestInterceptor((message) -> {
			awaitLatch(open);
			return "";
		}));
		RecordingTransport client = subscribed("a");
		publish(1);
		await().until(() -> this.hub.stats().delivered() == 1);
		publish(50);
		await().until(() -> this.hub.stats().delivered() == 51);
		assertThat(client.seqs()).isEmpty();
		open.countDown();
		await().untilAsserted(() -> assertThat(client.seqs()).endsWith(51L));
		assertThat(client.seqs()).hasSizeBetween(11, 21).isSorted();
		assertThat(String.join("\n", client.others())).contains(" overflow");
		await().untilAsserted(() -> assertThat(this.hub.stats().queuedBytes()).isZero());
	}

	@Test
	void rule5_aConnectionThatFallsBehindItsInterceptorIsClosed() {
		CountDownLatch open = new CountDownLatch(1);
		this.hub.intercept(new TestInterceptor((message) -> {
			awaitLatch(open);
			return "";
		}));
		RecordingTransport client = subscribed("a");
		publish(300);
		await().untilAsserted(() -> assertThat(client.closed).isEqualTo(CloseReason.OVERFLOW));
		open.countDown();
		await().untilAsserted(() -> assertThat(this.hub.stats().queuedBytes()).isZero());
		assertThat(client.seqs()).isEmpty();
	}

	@Test
	void anExecutorThatTakesNothingClosesTheConnection() {
		TestInterceptor interceptor = new TestInterceptor((message) -> "");
		interceptor.executor = (task) -> {
			throw new RejectedExecutionException("full");
		};
		this.hub.intercept(interceptor);
		RecordingTransport client = subscribed("a");
		publish(1);
		await().untilAsserted(() -> assertThat(client.closed).isEqualTo(CloseReason.UNAVAILABLE));
		await().untilAsserted(() -> assertThat(this.hub.stats().queuedBytes()).isZero());
	}

	@Test
	void whatBecameLargerIsWrittenInBatchesOfTheAllowedSize() {
		this.hub.intercept(new TestInterceptor((message) -> "x".repeat(3_000)));
		Position last = publish(40);
		RecordingTransport client = subscribed("a", last.withSeq(0));
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(range(1, 40)));
		assertThat(client.batches).as("with the receipt").startsWith(3);
		assertThat(client.batches.subList(1, client.batches.size())).allMatch((frames) -> frames <= 2);
		await().untilAsserted(() -> assertThat(this.hub.stats().queuedBytes()).isZero());
	}

	@Test
	void nothingOvertakesWhatItHas() {
		CountDownLatch open = new CountDownLatch(1);
		this.hub.intercept(new TestInterceptor((message) -> {
			awaitLatch(open);
			return "";
		}));
		RecordingTransport client = subscribed("a");
		publish(1);
		await().until(() -> this.hub.stats().delivered() == 1);
		Connection connection = this.hub.connections().get(0);
		connection.send(Frame.of("after".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
		publish(1);
		open.countDown();
		await().untilAsserted(() -> assertThat(client.frames).containsExactly("receipt ready 0 NOT_ASKED 0",
				"message sub-0 1 m", "after", "message sub-0 2 m"));
	}

	@Test
	void whileItHasABatchTheConnectionCanBeClosed() {
		CountDownLatch open = new CountDownLatch(1);
		this.hub.intercept(new TestInterceptor((message) -> {
			awaitLatch(open);
			return "";
		}));
		RecordingTransport client = subscribed("a");
		publish(1);
		await().until(() -> this.hub.stats().delivered() == 1);
		this.hub.connections().get(0).close(CloseReason.RESTART);
		open.countDown();
		await().untilAsserted(() -> assertThat(client.closed).isEqualTo(CloseReason.RESTART));
		assertThat(client.seqs()).containsExactly(1L);
	}

	@RepeatedTest(3)
	void oneThatComesAndGoesChangesNoOrder() {
		TestInterceptor interceptor = new TestInterceptor((message) -> "");
		this.hub.intercept(interceptor);
		RecordingTransport client = subscribed("a");
		for (int i = 1; i <= 60; i++) {
			interceptor.active = i % 3 != 0;
			publish(1);
		}
		await().untilAsserted(() -> assertThat(client.seqs()).isEqualTo(range(1, 60)));
	}

	private RecordingTransport subscribed(String connection, Position from) {
		RecordingTransport transport = connected(connection);
		connection(connection).subscribe(new SubscribeRequest("sub-0", ROOM, from, 0, "r"));
		return transport;
	}

	private static List<Long> range(long from, long to) {
		return LongStream.rangeClosed(from, to).boxed().toList();
	}

	/** Throws for one message of one connection. */
	private record PerConnection(String connection, long seq, Throwable failure) implements FrameInterceptor {

		@Override
		public boolean isActive() {
			return true;
		}

		@Override
		public void execute(Runnable task) {
			new Thread(task).start();
		}

		@Override
		public Frame intercept(Connection connection, String subscriptionId, dev.realtime.TopicMessage message,
				Frame frame) {
			if (connection.id().equals(this.connection) && message.seq() == this.seq) {
				throw Sneaky.sneak(this.failure);
			}
			return frame;
		}

	}

}

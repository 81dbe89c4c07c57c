package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeException;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.connection.Subscriber;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;
import dev.realtime.delivery.DeliveryBounds;
import dev.realtime.delivery.DeliveryShard;
import dev.realtime.loop.LoopState;
import dev.realtime.testing.SmallHub;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** What one failure may not do to others. One shard, so that all share it. */
class ContainmentTests extends HubFixture<UnreliableBroker> {

	private static final HubOptions LARGE_QUEUES = SmallHub.OPTIONS.toBuilder()
		.maxSubscriptions(2_000)
		.checkInterval(Duration.ofHours(1))
		.openTimeout(Duration.ofSeconds(5))
		.build();

	private final Busy eventLoop = (Busy) this.eventLoops.get(0);

	ContainmentTests() {
		super(new UnreliableBroker(), LARGE_QUEUES, new PlainEncoder(), new Busy());
	}

	@AfterEach
	void stopEventLoop() {
		this.eventLoop.shutdownNow();
	}

	@ParameterizedTest
	@EnumSource
	void rule9_aTransportThatThrowsLosesItsOwnConnectionAlone(Throwing.Where where) {
		RecordingTransport healthy = subscribed("healthy");
		Throwing bad = new Throwing(where);
		this.hub.connect("bad", bad).introduce(null, true, Duration.ZERO, Duration.ZERO);
		connection("bad").subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, null));
		await().until(() -> this.hub.subscribers(ROOM) == 2);
		bad.armed = true;
		publish(3);
		if (where == Throwing.Where.CLOSE) {
			connection("bad").close(CloseReason.RESTART);
		}
		await().untilAsserted(() -> assertThat(healthy.seqs()).containsExactly(1L, 2L, 3L));
		await().untilAsserted(() -> assertThat(this.hub.connection("bad")).isNull());
		assertThat(bad.closed).isEqualTo((where == Throwing.Where.CLOSE) ? CloseReason.RESTART : CloseReason.FAILED);
		await().untilAsserted(() -> assertThat(this.hub.stats().queuedBytes()).isZero());
		assertThat(this.hub.stats().subscriptions()).isOne();
		publish(1);
		await().untilAsserted(() -> assertThat(healthy.seqs()).hasSize(4));
	}

	@Test
	void rule9_aTransportThatThrowsInAStraightWriteLosesTheMessageForNoOther() throws Exception {
		List<RecordingTransport> healthy = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			healthy.add(subscribed("a" + i));
		}
		Throwing bad = new Throwing(Throwing.Where.WRITE);
		this.hub.connect("bad", bad);
		connection("bad").subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, null));
		for (int i = 0; i < 3; i++) {
			healthy.add(subscribed("b" + i));
		}
		bad.armed = true;
		DeliveryShard shard = this.hub.shards().get(0);
		Hold hold = hold();
		hold.held().await();
		// The message that completes so many offers goes straight to the sockets.
		shard.execute(() -> assertThat(DeliveryBounds.offered(shard, DeliveryBounds.OFFERS - 4)).isFalse());
		publish(1);
		hold.release().countDown();
		publish(2);
		await().untilAsserted(
				() -> assertThat(healthy).allSatisfy((each) -> assertThat(each.seqs()).containsExactly(1L, 2L, 3L)));
		await().untilAsserted(() -> assertThat(bad.closed).isEqualTo(CloseReason.FAILED));
	}

	@Test
	void rule9_aListenerThatThrowsIsCountedAndSubscriptionsComeAndGo() {
		this.listener = new ConnectionListener() {

			@Override
			public void onLive(Subscriber subscriber) {
				throw new OutOfMemoryError("on purpose");
			}

			@Override
			public void onEnd(Subscriber subscriber) {
				throw new IllegalStateException("on purpose");
			}

			@Override
			public void onClosed(Connection connection) {
				throw new OutOfMemoryError("on purpose");
			}

		};
		RecordingTransport client = subscribed("a");
		publish(1);
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(1L));
		connection("a").unsubscribe("sub-0");
		connection("a").subscribe(new SubscribeRequest("sub-1", ROOM, null, 0, "again"));
		await().untilAsserted(() -> assertThat(client.others()).contains("receipt again 1 NOT_ASKED 0"));
		connection("a").closed();
		await().untilAsserted(() -> assertThat(this.hub.connections()).isEmpty());
		await().untilAsserted(() -> assertThat(this.hub.topics()).isZero());
		assertThat(this.hub.stats().connections()).isZero();
		assertThat(this.hub.stats().subscriptions()).isZero();
		assertThat(this.loops.states()).extracting(LoopState::failures).contains(5L);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void rule9_aPolicyThatFailsLeavesNothingBehind(boolean returnsNull) {
		connected("a");
		this.policies = new FailingPolicies(returnsNull);
		for (int i = 0; i < 1_000; i++) {
			SubscribeRequest request = new SubscribeRequest("s" + i, Topic.of("unknown." + i), null, 0, "r");
			assertThatExceptionOfType(SubscribeException.class).isThrownBy(() -> connection("a").subscribe(request))
				.withMessage("The subscription failed on the server")
				.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("subscribe-failed"));
		}
		assertThat(this.hub.topics()).isZero();
		assertThat(this.hub.stats().subscriptions()).isZero();
		this.policies = TopicPolicies.all(TopicPolicy.DEFAULT);
		connection("a").subscribe(new SubscribeRequest("s0", ROOM, null, 0, "r"));
	}

	@Test
	void rule9_aThreadThatTakesNoTasksForAWhileForgetsNone() {
		RecordingTransport client = new RecordingTransport();
		Connection connection = this.hub.connect("a", client, this.eventLoop);
		connection.subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "ready"));
		await().until(() -> !client.frames.isEmpty());
		this.eventLoop.busy = true;
		publish(3);
		this.eventLoop.busy = false;
		// The clock wakes the shard, though no further task comes.
		await().untilAsserted(() -> assertThat(client.seqs()).containsExactly(1L, 2L, 3L));
	}

	/** A socket that takes everything, and throws an error in one place. */
	private static final class Throwing implements Transport {

		enum Where {

			WRITE, WRITE_AFTER_IT_WAS_DONE, BATCH_BYTES, SILENT, CLOSE, WRITE_AND_CLOSE

		}

		private final Where where;

		volatile boolean armed;

		volatile @Nullable CloseReason closed;

		Throwing(Where where) {
			this.where = where;
		}

		private void in(Where... places) {
			if (this.armed && List.of(places).contains(this.where)) {
				throw new OutOfMemoryError("on purpose");
			}
		}

		@Override
		public void write(Batch batch, Completion done) {
			in(Where.WRITE, Where.WRITE_AND_CLOSE);
			done.done(null);
			in(Where.WRITE_AFTER_IT_WAS_DONE);
		}

		@Override
		public int batchBytes() {
			in(Where.BATCH_BYTES);
			return 8_192;
		}

		@Override
		public boolean probe(long nanos) {
			in(Where.SILENT);
			return true;
		}

		@Override
		public void close(CloseReason reason) {
			this.closed = reason;
			in(Where.CLOSE, Where.WRITE_AND_CLOSE);
		}

	}

	private record FailingPolicies(boolean returnsNull) implements TopicPolicies {

		@Override
		@SuppressWarnings("NullAway") // It is the fault.
		public TopicPolicy of(Topic topic) {
			if (this.returnsNull) {
				return null;
			}
			throw new IllegalStateException("SELECT secret FROM rooms");
		}

	}

	/** An event loop whose queue of tasks is full on request. */
	private static final class Busy extends ScheduledThreadPoolExecutor {

		volatile boolean busy;

		Busy() {
			super(1);
		}

		@Override
		public void execute(Runnable task) {
			if (this.busy) {
				throw new RejectedExecutionException("on purpose");
			}
			super.execute(task);
		}

	}

}

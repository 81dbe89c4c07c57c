package dev.realtime.delivery;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.connection.Transport;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** More offers in one pass of a shard than may wait for the next. */
class LargeAudienceTests {

	private static final Topic ROOM = Topic.of("room.42");

	private static final int MANY = WriteSchedule.MAX_OFFERS + 1_000;

	private final MemoryBroker broker = new MemoryBroker(Clock.systemUTC());

	private final Hub hub = new Hub(HubOptions.builder().shards(1).build(), this.broker, new PlainEncoder(),
			TopicPolicies.all(TopicPolicy.DEFAULT), ConnectionListener.NONE);

	LargeAudienceTests() {
		this.broker.start(this.hub);
		this.hub.start();
	}

	@AfterEach
	void close() {
		this.hub.close();
		this.broker.close();
	}

	@Test
	void writesGoStraightToWhoeverWaitsForNothingAndQueueForOthers() {
		RecordingTransport quick = new RecordingTransport();
		RecordingTransport slow = new RecordingTransport();
		Discarding others = new Discarding();
		subscribe("quick", quick);
		for (int i = 0; i < MANY; i++) {
			subscribe("c" + i, others);
		}
		subscribe("slow", slow);
		await().until(() -> this.hub.stats().recoveries(Recovery.NOT_ASKED) == MANY + 2);
		slow.stopReading();
		publish(5);
		List<Long> all = LongStream.rangeClosed(1, 5).boxed().toList();
		await().untilAsserted(() -> assertThat(quick.seqs()).isEqualTo(all));
		await().untilAsserted(() -> assertThat(others.frames).hasValue(5 * MANY));
		assertThat(slow.seqs()).containsExactly(1L);
		slow.readAgain();
		await().untilAsserted(() -> assertThat(slow.seqs()).isEqualTo(all));
		assertThat(slow.batches).containsExactly(1, 4);
		await().untilAsserted(() -> assertThat(this.hub.stats().queuedBytes()).isZero());
	}

	@Test
	void aShardGoesOnThoughNothingOfWhatWasOfferedIsWritten() {
		RecordingTransport plain = new RecordingTransport();
		subscribe("plain", plain);
		await().until(() -> this.hub.stats().recoveries(Recovery.NOT_ASKED) == 1);
		for (int i = 0; i < MANY; i++) {
			publish(Publication.to(ROOM).content(Content.text("m")).excludeSession("plain").build());
		}
		publish(1);
		await().untilAsserted(() -> assertThat(plain.seqs()).containsExactly(MANY + 1L));
	}

	private void subscribe(String connection, Transport transport) {
		this.hub.connect(connection, transport).subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, null));
	}

	private void publish(int count) {
		for (int i = 0; i < count; i++) {
			publish(Publication.of(ROOM, Content.text("m")));
		}
	}

	private void publish(Publication publication) {
		this.broker.publish(publication, TopicPolicy.DEFAULT).toCompletableFuture().join();
	}

	/** A socket that takes everything. */
	private static final class Discarding implements Transport {

		final AtomicInteger frames = new AtomicInteger();

		@Override
		public void write(Batch batch, Completion done) {
			this.frames.addAndGet(batch.frames().size());
			done.done(null);
		}

		@Override
		public int batchBytes() {
			return 8_192;
		}

		@Override
		public void close(CloseReason reason) {
			// There is nothing to close.
		}

	}

}

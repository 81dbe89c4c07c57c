package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Topic;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeException;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.delivery.Frame;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** A node that closes without a drain tells every client so. */
class HubCloseTests {

	private final RealtimeNode node = RealtimeNode
		.builder("n", new UnreliableBroker(), new MemoryPresence(PresenceOptions.DEFAULT, new Loops()))
		.options(HubOptions.builder().shards(2).build())
		.destinations(Topic::name)
		.build();

	HubCloseTests() {
		this.node.start();
	}

	@Test
	void everyConnectionIsClosedWithRestart() {
		List<RecordingTransport> clients = connect(5_000);
		this.node.close();
		assertThat(clients).allMatch((each) -> CloseReason.RESTART.equals(each.closed));
		assertThat(this.node.hub().connections()).isEmpty();
		assertThat(this.node.hub().stats().connections()).isZero();
	}

	@Test
	void oneThatReadsNothingIsClosedToo() {
		RecordingTransport client = connect(1).get(0);
		client.stopReading();
		connection("c0").send(Frame.of(new byte[] { 'x' }));
		await().until(() -> client.frames.size() == 1);
		connection("c0").send(Frame.of(new byte[] { 'y' }));
		long began = System.nanoTime();
		this.node.close();
		assertThat(client.closed).isEqualTo(CloseReason.RESTART);
		assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(13).toNanos());
	}

	@Test
	void thoseOfAShardThatHangsAreClosedToo() throws Exception {
		List<RecordingTransport> clients = connect(10);
		CountDownLatch held = new CountDownLatch(1);
		CountDownLatch hold = new CountDownLatch(1);
		this.node.hub().shards().get(0).execute(() -> {
			held.countDown();
			while (hold.getCount() > 0) {
				try {
					hold.await();
				}
				catch (InterruptedException ex) {
					// It hangs.
				}
			}
		});
		held.await();
		this.node.close();
		assertThat(clients).allMatch((each) -> CloseReason.RESTART.equals(each.closed));
		hold.countDown();
	}

	@Test
	void aConnectionThatComesLaterIsRefused() {
		this.node.close();
		RecordingTransport late = new RecordingTransport();
		Connection connection = this.node.hub().connect("late", late);
		assertThat(late.closed).isEqualTo(CloseReason.RESTART);
		assertThat(connection.isGone()).isTrue();
		assertThat(this.node.hub().connection("late")).isNull();
		connection.send(Frame.of(new byte[] { 'x' }));
		connection.closed();
		assertThatExceptionOfType(SubscribeException.class)
			.isThrownBy(() -> connection.subscribe(new SubscribeRequest("s", Topic.of("room"), null, 0, null)));
		assertThat(late.frames).isEmpty();
	}

	@RepeatedTest(5)
	void aConnectionThatComesMeanwhileIsClosedOrRefused() throws Exception {
		List<RecordingTransport> clients = new ArrayList<>(connect(500));
		AtomicBoolean stop = new AtomicBoolean();
		AtomicInteger count = new AtomicInteger();
		List<RecordingTransport> late = new ArrayList<>();
		Thread connecting = new Thread(() -> {
			while (!stop.get()) {
				RecordingTransport transport = new RecordingTransport();
				late.add(transport);
				this.node.hub().connect("late" + count.getAndIncrement(), transport);
				Thread.onSpinWait();
			}
		});
		connecting.start();
		await().until(() -> count.get() > 100);
		this.node.close();
		stop.set(true);
		connecting.join();
		clients.addAll(late);
		assertThat(clients).allMatch((each) -> CloseReason.RESTART.equals(each.closed));
	}

	private List<RecordingTransport> connect(int count) {
		List<RecordingTransport> clients = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			clients.add(new RecordingTransport());
			this.node.hub().connect("c" + i, clients.get(i));
		}
		return clients;
	}

	private Connection connection(String id) {
		return java.util.Objects.requireNonNull(this.node.hub().connection(id));
	}

}

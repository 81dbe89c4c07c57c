package dev.realtime.spring.netty;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Clients that give more than the server takes, or take less than it gives. */
abstract class FloodContract extends BystanderContract {

	private static final String LARGE = "x".repeat(32_000);

	FloodContract() throws IOException {
	}

	FloodContract(ConfigurableApplicationContext node, int port) throws IOException {
		super(node, port);
	}

	@Test
	void whoSendsFasterThanItIsServedHasToWaitAndLosesNothing() throws IOException {
		ListeningNode.Talk talk = node().getBean(ListeningNode.Talk.class);
		int all = 600;
		AtomicInteger sent = new AtomicInteger();
		try (RawClient client = RawClient.connect(this.port)) {
			CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
				for (int i = 0; i < all; i++) {
					client.sendUnchecked(ClientFrame.text("SEND\ndestination:/app/hold\n\n" + i + ' ' + LARGE + '\0'));
					sent.incrementAndGet();
				}
			});
			awaitStandstill(sent);
			assertThat(sent.get()).isLessThan(all);
			assertThat(talk.held).isEmpty();
			theBystanderNoticesNothing();
			talk.gate.countDown();
			sending.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join();
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> talk.held.size() == all);
		}
		assertThat(talk.held).isEqualTo(IntStream.range(0, all).mapToObj(String::valueOf).toList());
	}

	@Test
	void whoPingsButDoesNotReadGetsNoMorePongsThanItsSocketTakes() throws IOException {
		int all = 100_000;
		byte[] ping = ClientFrame.last(ClientFrame.PING, "p".repeat(125).getBytes(StandardCharsets.US_ASCII));
		byte[] many = new byte[100 * ping.length];
		IntStream.range(0, 100).forEach((i) -> System.arraycopy(ping, 0, many, i * ping.length, ping.length));
		try (RawClient client = RawClient.dialWithSmallBuffer(this.port).shakeHands().introduce()) {
			for (int i = 0; i < all / 100; i++) {
				client.send(many);
			}
			client.send(ClientFrame.text("SEND\ndestination:/app/echo\nreceipt:end\n\nend\0"));
			int pongs = 0;
			RawClient.ServerFrame frame = client.readFrame();
			while (frame.opcode() == ClientFrame.PONG) {
				pongs++;
				frame = client.readFrame();
			}
			assertThat(frame.text()).contains("receipt-id:end\n");
			assertThat(pongs).isBetween(1, all - 1);
		}
	}

	@Test
	void whoSubscribesButDoesNotReadIsClosedAtItsBound() throws IOException {
		long before = ListeningNode.stats(node()).overflows();
		try (RawClient stuck = RawClient.dialWithSmallBuffer(this.port).shakeHands().introduce().subscribe("stuck")) {
			Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
				ListeningNode.publish(node(), "stuck", LARGE);
				return ListeningNode.stats(node()).overflows() > before;
			});
			Awaitility.await().untilAsserted(() -> assertThat(ListeningNode.stats(node()).queuedBytes()).isZero());
			assertThat(stuck.texts()).contains("stuck-live");
		}
	}

	private static void awaitStandstill(AtomicInteger counter) {
		List<Integer> seen = new java.util.ArrayList<>();
		Awaitility.await("a standstill").pollInterval(Duration.ofMillis(100)).until(() -> {
			seen.add(counter.get());
			int last = seen.size() - 1;
			return last >= 5 && seen.get(last) > 0 && seen.get(last).equals(seen.get(last - 5));
		});
	}

}

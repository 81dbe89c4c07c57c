package dev.realtime.spring.gateway;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import dev.realtime.Topic;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.hub.HubOptions;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.spring.GatewayProperties;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/** A gateway and nodes of the application that share a relay in this process. */
class GatewayTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private final GatewayProperties properties = new GatewayProperties("s".repeat(32), List.of("/app/"),
			Duration.ofSeconds(30), Duration.ofSeconds(10), 100, 10, DataSize.ofMegabytes(1), 100);

	private final Loops loops = new Loops(Duration.ofSeconds(30));

	private final RealtimeNode node = RealtimeNode
		.builder("test", new MemoryBroker(Clock.systemUTC()), new MemoryPresence(PresenceOptions.DEFAULT, this.loops))
		.options(HubOptions.builder().shards(1).build())
		.destinations(Topic::name)
		.loops(this.loops)
		.build();

	private final Gateway gateway = new Gateway(this.node, this.properties, this.loops);

	private final Queue<String> handled = new ConcurrentLinkedQueue<>();

	private final List<AutoCloseable> open = new ArrayList<>();

	@BeforeEach
	void start() {
		this.node.start();
		this.gateway.begin();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
		this.gateway.close();
		this.node.close();
	}

	@Test
	void whatANodeThatHasEndedHasNotReadGoesToAnotherOne() throws Exception {
		ApplicationNode first = application("first");
		assertThat(forward("ann", "1").toCompletableFuture().get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.HANDLED);

		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.gateway.tellSessions((message) -> {
			blocked.countDown();
			await(release);
		});
		CompletionStage<Void> told = first.tell(Objects.requireNonNull(first.session("ann")), send("ann", "hold on"));
		assertThat(told).succeedsWithin(SOON);
		await(blocked);
		// The gateway sends this before it learns that the node has ended.
		CompletionStage<Outcome> outcome = forward("ann", "2");
		first.close();
		application("second");
		release.countDown();

		assertThat(outcome).succeedsWithin(SOON).isEqualTo(Outcome.HANDLED);
		assertThat(this.handled).containsExactly("first: 1", "second: 2");
	}

	@Test
	void whatANodeHasReadAndNotAnsweredWhenItEndsIsUnknownAndNotHandledTwice() {
		ApplicationNode first = new ApplicationNode(this.node, this.properties, () -> new Handler("first") {

			@Override
			public void handle(ForwardedSend send, ForwardedSession session, BooleanSupplier mayStart,
					Consumer<Outcome> answer) {
				GatewayTests.this.handled.add("first: " + text(send));
			}

		}, this.loops);
		begin(first);
		CompletionStage<Outcome> outcome = forward("ann", "1");
		Awaitility.await().atMost(SOON).until(() -> this.handled.contains("first: 1"));
		application("second");
		first.close();

		assertThat(outcome).succeedsWithin(SOON).isEqualTo(Outcome.unknown());
		assertThat(forward("ann", "2")).succeedsWithin(SOON).isEqualTo(Outcome.HANDLED);
		assertThat(this.handled).containsExactly("first: 1", "second: 2");
	}

	private ApplicationNode application(String name) {
		return begin(new ApplicationNode(this.node, this.properties, () -> new Handler(name), this.loops));
	}

	private ApplicationNode begin(ApplicationNode application) {
		this.open.add(application);
		application.begin();
		return application;
	}

	private CompletionStage<Outcome> forward(String session, String text) {
		return this.gateway.forward(send(session, text));
	}

	private static ForwardedSend send(String session, String text) {
		return new ForwardedSend(session, "ann", List.of(), "/app/say", Map.of(), null,
				text.getBytes(StandardCharsets.UTF_8));
	}

	private static String text(ForwardedSend send) {
		return new String(send.body(), StandardCharsets.UTF_8);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/** Handles each SEND at once. */
	private class Handler implements ForwardedSends {

		private final String name;

		Handler(String name) {
			this.name = name;
		}

		@Override
		public void handle(ForwardedSend send, ForwardedSession session, BooleanSupplier mayStart,
				Consumer<Outcome> answer) {
			GatewayTests.this.handled.add(this.name + ": " + text(send));
			answer.accept(Outcome.HANDLED);
		}

		@Override
		public void ended(ForwardedSession session) {
		}

	}

}

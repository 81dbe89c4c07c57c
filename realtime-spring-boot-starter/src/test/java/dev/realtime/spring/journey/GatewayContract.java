package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Clients of a gateway, whose SENDs the nodes of the application handle. */
abstract class GatewayContract {

	final GatewayFleet fleet;

	GatewayContract(FleetServers servers) {
		this.fleet = new GatewayFleet(servers);
	}

	@BeforeEach
	void reset() {
		GatewayFleet.reset();
	}

	@AfterEach
	void close() throws Exception {
		this.fleet.close();
	}

	@Test
	void aNodeHandlesWhatAGatewaysClientSendsAndItsAnswersComeBack() {
		this.fleet.application();
		try (StompTestClient ann = connect(this.fleet.gateway(), "ann");
				StompTestClient bob = connect(this.fleet.gateway(), "bob")) {
			ann.subscribe("own", "/user/queue/echo");
			ann.subscribe("session", "/user/queue/here");
			bob.subscribe("room", "/topic/room.1");
			send(ann, "/app/echo", "1");
			assertThat(answer(ann, "1").command()).isEqualTo("RECEIPT");
			assertThat(message(ann, "own").body()).isEqualTo("ann says 1");
			send(ann, "/app/here", "2");
			assertThat(message(ann, "session").body()).isEqualTo("here 2");
			send(ann, "/app/room", "3");
			StompFrame told = message(bob, "room");
			assertThat(told.body()).isEqualTo("3");
			assertThat(told.get("sender")).isEqualTo("ann");
			send(ann, "/app/count", "4");
			send(ann, "/app/count", "5");
			await().untilAsserted(() -> assertThat(ann.messages()).extracting(StompFrame::body).contains("count 2"));
		}
	}

	@Test
	void noConnectionOfAGatewayIsCutWhileTheOnlyNodeRestartsAndEachSendIsAnsweredOnce() {
		ConfigurableApplicationContext node = this.fleet.application();
		ConfigurableApplicationContext gateway = this.fleet.gateway("realtime.gateway.pending-per-connection=1000");
		List<StompTestClient> clients = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			clients.add(this.fleet.closed(connect(gateway, "user" + i)));
		}
		AtomicInteger sends = new AtomicInteger();
		sendUntil(clients, sends, () -> GatewayFleet.Talk.HANDLED.size() > 50);
		CompletableFuture<Void> closing = CompletableFuture.runAsync(node::close);
		sendUntil(clients, sends, closing::isDone);
		CompletableFuture<?> starting = CompletableFuture.supplyAsync(this.fleet::application);
		sendUntil(clients, sends, starting::isDone);
		int before = GatewayFleet.Talk.HANDLED.size();
		sendUntil(clients, sends, () -> GatewayFleet.Talk.HANDLED.size() > before + 50);
		assertEachIsAnsweredOnce(clients, sends.get());
		assertThat(clients).allSatisfy((client) -> {
			assertThat(client.closeCode).isNull();
			// The node answered what it had, and the rest has waited.
			assertThat(answers(client)).allMatch((frame) -> frame.command().equals("RECEIPT"));
		});
	}

	@Test
	void aNodeThatEndsAnswersWhatItHasTakenAndLeavesTheRest() {
		GatewayFleet.Talk.gate = new CountDownLatch(1);
		ConfigurableApplicationContext node = this.fleet.application();
		StompTestClient ann = this.fleet.closed(connect(this.fleet.gateway(), "ann"));
		send(ann, "/app/slow", "1");
		send(ann, "/app/slow", "2");
		await().until(() -> GatewayFleet.Talk.HANDLED.contains("ann 1"));
		CompletableFuture<Void> closing = CompletableFuture.runAsync(node::close);
		await().during(Duration.ofMillis(500)).until(() -> !closing.isDone());
		GatewayFleet.Talk.gate.countDown();
		assertThat(answer(ann, "1").command()).isEqualTo("RECEIPT");
		closing.join();
		assertThat(GatewayFleet.Talk.HANDLED).containsExactly("ann 1");
		this.fleet.application();
		assertThat(answer(ann, "2").command()).isEqualTo("RECEIPT");
		assertThat(GatewayFleet.Talk.HANDLED).containsExactly("ann 1", "ann 2");
	}

	/** As fast as people do, in a row of rounds. */
	static void sendUntil(List<StompTestClient> clients, AtomicInteger sends, Callable<Boolean> end) {
		await().atMost(Duration.ofSeconds(30))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> {
				sendAll(clients, sends.getAndIncrement());
				return end.call();
			});
	}

	static void sendAll(List<StompTestClient> clients, int number) {
		clients.forEach((client) -> send(client, "/app/slow", String.format("%05d", number)));
	}

	static void send(StompTestClient client, String destination, String text) {
		client.send("SEND", Map.of("destination", destination, "receipt", text, "number", text), text);
	}

	/** The RECEIPT, or the refusal. */
	static StompFrame answer(StompTestClient client, String receipt) {
		return client.await("answer " + receipt, (frame) -> isAnswer(frame) && receipt.equals(receipt(frame)));
	}

	static @Nullable String receipt(StompFrame frame) {
		return (frame.get("receipt-id") != null) ? frame.get("receipt-id") : frame.get("receipt");
	}

	static boolean isAnswer(StompFrame frame) {
		return frame.command().equals("RECEIPT") || frame.isEvent("denied");
	}

	static List<StompFrame> answers(StompTestClient client) {
		return client.frames()
			.stream()
			.filter((frame) -> isAnswer(frame) && !String.valueOf(receipt(frame)).startsWith("r-"))
			.toList();
	}

	static StompFrame message(StompTestClient client, String subscription) {
		return client.await("message on " + subscription,
				(frame) -> frame.isMessage() && subscription.equals(frame.get("subscription")));
	}

	/** Handled at most once and in order; exactly once where a receipt says so. */
	static void assertEachIsAnsweredOnce(List<StompTestClient> clients, int sends) {
		await().atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(clients)
				.allSatisfy((client) -> assertThat(answers(client)).hasSizeGreaterThanOrEqualTo(sends)));
		for (StompTestClient client : clients) {
			List<StompFrame> answers = answers(client);
			assertThat(answers).extracting(GatewayContract::receipt).hasSize(sends).doesNotHaveDuplicates();
			String user = client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED")).header("user-name")
					+ " ";
			List<String> handled = GatewayFleet.Talk.HANDLED.stream().filter((each) -> each.startsWith(user)).toList();
			assertThat(handled).doesNotHaveDuplicates().isSorted();
			for (StompFrame answer : answers) {
				String which = user + receipt(answer);
				if (answer.command().equals("RECEIPT")) {
					assertThat(handled).contains(which);
				}
				else if ("application-unavailable".equals(answer.get("reason"))) {
					assertThat(handled).doesNotContain(which);
				}
			}
		}
	}

	static StompTestClient connect(ConfigurableApplicationContext gateway, String user) {
		return StompTestClient.connect(ChatNode.port(gateway), user);
	}

}

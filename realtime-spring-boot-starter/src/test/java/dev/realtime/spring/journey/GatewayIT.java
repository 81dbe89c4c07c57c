package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Over one Redis. */
@ExtendWith(OutputCaptureExtension.class)
class GatewayIT extends GatewayContract {

	GatewayIT() {
		super(FleetServers.redis());
	}

	@Test
	void whatNoMethodHandlesAndSubscriptionsOfTheApplicationAreRefused() {
		this.fleet.application();
		try (StompTestClient ann = connect(this.fleet.gateway(), "ann")) {
			send(ann, "/app/none", "1");
			assertThat(answer(ann, "1").get("reason")).isEqualTo("unknown-destination");
			ann.send("SUBSCRIBE", Map.of("id", "s", "destination", "/app/echo", "receipt", "2"), "");
			assertThat(answer(ann, "2").get("reason")).isEqualTo("unknown-destination");
		}
	}

	@Test
	void whatAKilledNodeHadBegunHasAnUnknownOutcomeAndIsNotHandledTwice() {
		TcpProxy proxy = this.fleet.closed(new TcpProxy(RedisServer.shared().port()));
		GatewayFleet.Talk.gate = new CountDownLatch(1);
		this.fleet.application(GatewayFleet.redisAt(proxy.port()));
		ConfigurableApplicationContext gateway = this.fleet.gateway();
		StompTestClient ann = this.fleet.closed(connect(gateway, "ann"));
		for (int i = 0; i < 10; i++) {
			send(ann, "/app/slow", "" + i);
		}
		await().until(() -> GatewayFleet.Talk.HANDLED.contains("ann 0"));
		proxy.switchTo(1);
		assertThat(answer(ann, "0").get("reason")).isEqualTo("application-unknown");
		GatewayFleet.Talk.gate.countDown();
		this.fleet.application();
		assertEachIsAnsweredOnce(List.of(ann), 10);
		assertThat(List.copyOf(GatewayFleet.Talk.HANDLED)).hasSize(10).isSorted();
		assertThat(ann.closeCode).isNull();
	}

	@Test
	void aNodeStartsNothingThatReachesItAfterTheLease() {
		TcpProxy proxy = this.fleet.closed(new TcpProxy(RedisServer.shared().port()));
		String lease = "realtime.gateway.lease=2s";
		this.fleet.application(GatewayFleet.redisAt(proxy.port()), lease);
		StompTestClient ann = this.fleet
			.closed(connect(this.fleet.gateway("realtime.gateway.timeout=4s", lease), "ann"));
		send(ann, "/app/slow", "1");
		assertThat(answer(ann, "1").command()).isEqualTo("RECEIPT");
		proxy.delayAnswers(Duration.ofSeconds(3));
		send(ann, "/app/slow", "2");
		assertThat(answer(ann, "2").get("reason")).startsWith("application-un");
		proxy.delayAnswers(Duration.ZERO);
		AtomicInteger number = new AtomicInteger(3);
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
			String next = Integer.toString(number.getAndIncrement());
			send(ann, "/app/slow", next);
			assertThat(answer(ann, next).command()).isEqualTo("RECEIPT");
		});
		assertThat(GatewayFleet.Talk.HANDLED).doesNotContain("ann 2");
	}

	@Test
	void aSendIsRefusedWhenNoNodeTakesItInTime() {
		try (StompTestClient ann = connect(this.fleet.gateway("realtime.gateway.timeout=1s"), "ann")) {
			send(ann, "/app/slow", "1");
			assertThat(answer(ann, "1").get("reason")).isEqualTo("application-unavailable");
			assertThat(ann.closeCode).isNull();
		}
	}

	@Test
	void rule8_sendsThatWaitAreBoundedForEachConnectionAndTooLargeOnesAreRefused() {
		GatewayFleet.Talk.gate = new CountDownLatch(1);
		this.fleet.application();
		try (StompTestClient ann = connect(this.fleet.gateway("realtime.gateway.pending-per-connection=4"), "ann")) {
			for (int i = 0; i < 20; i++) {
				send(ann, "/app/slow", "" + i);
			}
			await().untilAsserted(() -> assertThat(answers(ann)).hasSize(16)
				.allMatch((frame) -> "overloaded".equals(frame.get("reason"))));
			GatewayFleet.Talk.gate.countDown();
			await().untilAsserted(() -> assertThat(answers(ann)).hasSize(20));
			ann.send("SEND", Map.of("destination", "/app/slow", "receipt", "large"), "\"".repeat(40_000));
			assertThat(answer(ann, "large").get("reason")).isEqualTo("too-large");
		}
		assertThat(GatewayFleet.Talk.HANDLED).hasSize(4);
	}

	@Test
	void rule8_sendsThatWaitAreBoundedBySizeToo() {
		GatewayFleet.Talk.gate = new CountDownLatch(1);
		this.fleet.application();
		try (StompTestClient ann = connect(this.fleet.gateway("realtime.gateway.pending-bytes=64KB"), "ann")) {
			send(ann, "/app/slow", "0");
			await().until(() -> GatewayFleet.Talk.HANDLED.contains("ann 0"));
			String large = "x".repeat(30_000);
			for (String receipt : List.of("1", "2", "3")) {
				ann.send("SEND", Map.of("destination", "/app/echo", "receipt", receipt), large);
			}
			assertThat(answer(ann, "3").get("reason")).isEqualTo("overloaded");
			assertThat(answers(ann)).noneMatch((frame) -> frame.command().equals("RECEIPT"));
		}
	}

	@Test
	void rule10_aForgedSendAndOneThatComesAgainAreNotHandled() {
		this.fleet.application();
		ConfigurableApplicationContext gateway = this.fleet.gateway();
		RealtimeNode eve = this.fleet.start(GatewayFleet.NoMethods.class).getBean(RealtimeNode.class);
		Queue<Signal> heard = new ConcurrentLinkedQueue<>();
		eve.listen(Topic.of("_fleet.gateways"), heard::add).toCompletableFuture().join();
		await().until(() -> !heard.isEmpty());
		String beat = Objects.requireNonNull(heard.element().payload());
		String life = beat.replaceAll("(?s).*\"from\":\"([^\"]+)\".*", "$1");
		Topic node = Topic.of("_fleet.to." + life);
		eve.listen(node, heard::add).toCompletableFuture().join();
		try (StompTestClient ann = connect(gateway, "ann")) {
			send(ann, "/app/slow", "1");
			assertThat(answer(ann, "1").command()).isEqualTo("RECEIPT");
			Signal send = heard.stream().filter((each) -> each.type().equals("send")).findFirst().orElseThrow();
			String sealed = Objects.requireNonNull(send.payload());
			signal(eve, node, sealed);
			String next = sealed.replaceFirst("\"number\":\\d+", "\"number\":900");
			signal(eve, node, next.replace("\"ann\"", "\"root\""));
			signal(eve, node, sealed.substring(64));
			signal(eve, node, "x");
			send(ann, "/app/slow", "2");
			assertThat(answer(ann, "2").command()).isEqualTo("RECEIPT");
		}
		assertThat(List.copyOf(GatewayFleet.Talk.HANDLED)).containsExactly("ann 1", "ann 2");
	}

	@Test
	void rule10_messageRulesOfTheNodeDecideByTheAuthoritiesOfTheGatewaysUser() {
		this.fleet.start(GatewayFleet.Secured.class, GatewayFleet.SECRET, "chat.observed=none");
		ConfigurableApplicationContext gateway = this.fleet.start(GatewayFleet.Logins.class, GatewayFleet.GATEWAY,
				GatewayFleet.SECRET, "chat.observed=none");
		try (StompTestClient ann = connect(gateway, "ann"); StompTestClient admin = connect(gateway, "admin")) {
			send(ann, "/app/admin", "1");
			assertThat(answer(ann, "1").get("reason")).isEqualTo("forbidden");
			send(admin, "/app/admin", "2");
			assertThat(answer(admin, "2").command()).isEqualTo("RECEIPT");
		}
		assertThat(GatewayFleet.Talk.HANDLED).containsExactly("admin 2");
	}

	@Test
	void rule10_aNodeWithoutTheSecretTakesNothing() {
		this.fleet.start(GatewayFleet.Talk.class);
		try (StompTestClient ann = connect(this.fleet.gateway("realtime.gateway.timeout=1s"), "ann")) {
			send(ann, "/app/slow", "1");
			assertThat(answer(ann, "1").get("reason")).isEqualTo("application-unavailable");
		}
		assertThat(GatewayFleet.Talk.HANDLED).isEmpty();
	}

	@Test
	void aNodeGoesOnWhenAGatewayIsGone() {
		GatewayFleet.Talk.gate = new CountDownLatch(1);
		this.fleet.application();
		TcpProxy proxy = this.fleet.closed(new TcpProxy(RedisServer.shared().port()));
		StompTestClient ann = this.fleet.closed(connect(this.fleet.gateway(GatewayFleet.redisAt(proxy.port())), "ann"));
		send(ann, "/app/slow", "1");
		await().until(() -> GatewayFleet.Talk.HANDLED.contains("ann 1"));
		proxy.switchTo(1);
		GatewayFleet.Talk.gate.countDown();
		try (StompTestClient bob = connect(this.fleet.gateway(), "bob")) {
			send(bob, "/app/slow", "1");
			assertThat(answer(bob, "1").command()).isEqualTo("RECEIPT");
		}
	}

	@Test
	void aGatewayHandsOnWhatItsOwnMethodsWouldTake() {
		this.fleet.application();
		try (StompTestClient ann = connect(
				this.fleet.start(GatewayFleet.Local.class, GatewayFleet.GATEWAY, GatewayFleet.SECRET), "ann")) {
			send(ann, "/app/slow", "1");
			assertThat(answer(ann, "1").command()).isEqualTo("RECEIPT");
			assertThat(GatewayFleet.Talk.HANDLED).containsExactly("ann 1");
		}
	}

	@Test
	void metersAndHealthOfAGatewaySayWhatBecomesOfSendsAndWhetherTheApplicationAnswers() {
		ConfigurableApplicationContext gateway = this.fleet.gateway("realtime.gateway.timeout=1s",
				"management.endpoint.health.show-details=always");
		try (StompTestClient ann = connect(gateway, "ann")) {
			send(ann, "/app/slow", "1");
			await().until(() -> health(gateway).contains("\"waiting\":1"));
			assertThat(answer(ann, "1").get("reason")).isEqualTo("application-unavailable");
			assertThat(health(gateway)).contains("\"application\":\"away\"", "\"applicationNodes\":0", "\"waiting\":0",
					"\"status\":\"UP\"");
			ConfigurableApplicationContext node = this.fleet.application();
			await().until(() -> health(gateway).contains("\"applicationNodes\":1"));
			assertThat(health(gateway)).contains("\"application\":\"answers\"");
			send(ann, "/app/slow", "2");
			assertThat(answer(ann, "2").command()).isEqualTo("RECEIPT");
			send(ann, "/app/none", "3");
			assertThat(answer(ann, "3").get("reason")).isEqualTo("unknown-destination");
			MeterRegistry meters = gateway.getBean(MeterRegistry.class);
			assertThat(count(meters, "realtime.gateway.forwarded")).isEqualTo(2);
			assertThat(count(meters, "realtime.gateway.timed.out")).isEqualTo(1);
			assertThat(count(meters, "realtime.gateway.answered", "outcome", "application-unavailable")).isEqualTo(1);
			assertThat(count(meters, "realtime.gateway.answered", "outcome", "handled")).isEqualTo(1);
			assertThat(count(meters, "realtime.gateway.answered", "outcome", "refused")).isEqualTo(1);
			assertThat(meters.get("realtime.gateway.waiting").gauge().value()).isZero();
			assertThat(meters.get("realtime.gateway.nodes").gauge().value()).isEqualTo(1);
			node.close();
			await().until(() -> health(gateway).contains("\"application\":\"away\""));
		}
	}

	@Test
	void aNodeThatCanTakeNothingOfGatewaysSaysSo(CapturedOutput output) {
		this.fleet.application();
		assertThat(output).doesNotContain("accepts no messages from gateways");
		this.fleet.application("spring.main.web-application-type=none");
		assertThat(output)
			.containsOnlyOnce("realtime.gateway.secret is set, but this node accepts no messages from gateways");
	}

	@Test
	void contradictionsFailTheStart() {
		assertThatThrownBy(() -> this.fleet.start(GatewayFleet.NoMethods.class, GatewayFleet.GATEWAY)).rootCause()
			.hasMessageContaining("realtime.gateway.secret");
		assertThatThrownBy(() -> this.fleet.gateway("realtime.broker=memory")).rootCause()
			.hasMessageContaining("needs Redis");
		assertThatThrownBy(() -> this.fleet.gateway("realtime.gateway.secret=short")).rootCause()
			.hasMessageContaining("32")
			.hasMessageNotContaining("short");
	}

	private static String health(ConfigurableApplicationContext node) {
		return Http.get(ChatNode.webPort(node), "/actuator/health/realtime").body();
	}

	private static double count(MeterRegistry meters, String name, String... tags) {
		return meters.get(name).tags(tags).functionCounter().count();
	}

	private static void signal(RealtimeNode from, Topic to, String payload) {
		from.signal(new Signal(to, "send", null, payload, null)).toCompletableFuture().join();
	}

}

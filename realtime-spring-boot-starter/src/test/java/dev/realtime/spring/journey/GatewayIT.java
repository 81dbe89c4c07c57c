package dev.realtime.spring.journey;

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.security.ConnectAuthenticator;
import dev.realtime.testing.RedisServer;
import dev.realtime.testing.TcpProxy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.stereotype.Controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/** Clients of a gateway, whose SENDs the nodes of the application handle. */
class GatewayIT {

	private static final String SECRET = "realtime.gateway.secret=0123456789abcdef0123456789abcdef";

	private final RedisServer redis = RedisServer.startProcess();

	private final List<AutoCloseable> open = new ArrayList<>(List.of(this.redis));

	@BeforeEach
	void reset() {
		Talk.HANDLED.clear();
		Talk.gate = new CountDownLatch(0);
	}

	@AfterEach
	void close() throws Exception {
		Talk.gate.countDown();
		for (int i = this.open.size() - 1; i >= 0; i--) {
			this.open.get(i).close();
		}
	}

	@Test
	void aNodeHandlesWhatAGatewaysClientSendsAndItsAnswersComeBack() {
		application();
		try (StompTestClient ann = connect(gateway(), "ann"); StompTestClient bob = connect(gateway(), "bob")) {
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
	void whatNoMethodHandlesAndSubscriptionsOfTheApplicationAreRefused() {
		application();
		try (StompTestClient ann = connect(gateway(), "ann")) {
			send(ann, "/app/none", "1");
			assertThat(answer(ann, "1").get("reason")).isEqualTo("unknown-destination");
			ann.send("SUBSCRIBE", Map.of("id", "s", "destination", "/app/echo", "receipt", "2"), "");
			assertThat(answer(ann, "2").get("reason")).isEqualTo("unknown-destination");
		}
	}

	@Test
	void noConnectionOfAGatewayIsCutWhileTheOnlyNodeRestartsAndEachSendIsAnsweredOnce() {
		ConfigurableApplicationContext node = application();
		ConfigurableApplicationContext gateway = gateway("realtime.gateway.pending-per-connection=1000");
		List<StompTestClient> clients = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			clients.add(closed(connect(gateway, "user" + i)));
		}
		AtomicInteger sends = new AtomicInteger();
		sendUntil(clients, sends, () -> Talk.HANDLED.size() > 50);
		CompletableFuture<Void> closing = CompletableFuture.runAsync(node::close);
		sendUntil(clients, sends, closing::isDone);
		CompletableFuture<?> starting = CompletableFuture.supplyAsync(this::application);
		sendUntil(clients, sends, starting::isDone);
		int before = Talk.HANDLED.size();
		sendUntil(clients, sends, () -> Talk.HANDLED.size() > before + 50);
		assertEachIsAnsweredOnce(clients, sends.get());
		assertThat(clients).allSatisfy((client) -> {
			assertThat(client.closeCode).isNull();
			// The node answered what it had, and the rest has waited.
			assertThat(answers(client)).allMatch((frame) -> frame.command().equals("RECEIPT"));
		});
	}

	@Test
	void aNodeThatEndsAnswersWhatItHasTakenAndLeavesTheRest() {
		Talk.gate = new CountDownLatch(1);
		ConfigurableApplicationContext node = application();
		StompTestClient ann = closed(connect(gateway(), "ann"));
		send(ann, "/app/slow", "1");
		send(ann, "/app/slow", "2");
		await().until(() -> Talk.HANDLED.contains("ann 1"));
		CompletableFuture<Void> closing = CompletableFuture.runAsync(node::close);
		await().during(Duration.ofMillis(500)).until(() -> !closing.isDone());
		Talk.gate.countDown();
		assertThat(answer(ann, "1").command()).isEqualTo("RECEIPT");
		closing.join();
		assertThat(Talk.HANDLED).containsExactly("ann 1");
		application();
		assertThat(answer(ann, "2").command()).isEqualTo("RECEIPT");
		assertThat(Talk.HANDLED).containsExactly("ann 1", "ann 2");
	}

	@Test
	void whatAKilledNodeHadBegunHasAnUnknownOutcomeAndIsNotHandledTwice() {
		TcpProxy proxy = new TcpProxy(this.redis.port());
		this.open.add(proxy);
		Talk.gate = new CountDownLatch(1);
		application(proxy.port());
		ConfigurableApplicationContext gateway = gateway();
		StompTestClient ann = closed(connect(gateway, "ann"));
		for (int i = 0; i < 10; i++) {
			send(ann, "/app/slow", "" + i);
		}
		await().until(() -> Talk.HANDLED.contains("ann 0"));
		proxy.switchTo(1);
		assertThat(answer(ann, "0").get("reason")).isEqualTo("application-unknown");
		Talk.gate.countDown();
		application();
		assertEachIsAnsweredOnce(List.of(ann), 10);
		assertThat(List.copyOf(Talk.HANDLED)).hasSize(10).isSorted();
		assertThat(ann.closeCode).isNull();
	}

	@Test
	void aSendIsRefusedWhenNoNodeTakesItInTime() {
		try (StompTestClient ann = connect(gateway("realtime.gateway.timeout=1s"), "ann")) {
			send(ann, "/app/slow", "1");
			assertThat(answer(ann, "1").get("reason")).isEqualTo("application-unavailable");
			assertThat(ann.closeCode).isNull();
		}
	}

	@Test
	void rule8_sendsThatWaitAreBoundedForEachConnectionAndTooLargeOnesAreRefused() {
		Talk.gate = new CountDownLatch(1);
		application();
		try (StompTestClient ann = connect(gateway("realtime.gateway.pending-per-connection=4"), "ann")) {
			for (int i = 0; i < 20; i++) {
				send(ann, "/app/slow", "" + i);
			}
			await().untilAsserted(() -> assertThat(answers(ann)).hasSize(16)
				.allMatch((frame) -> "overloaded".equals(frame.get("reason"))));
			Talk.gate.countDown();
			await().untilAsserted(() -> assertThat(answers(ann)).hasSize(20));
			ann.send("SEND", Map.of("destination", "/app/slow", "receipt", "large"), "\"".repeat(40_000));
			assertThat(answer(ann, "large").get("reason")).isEqualTo("too-large");
		}
		assertThat(Talk.HANDLED).hasSize(4);
	}

	@Test
	void rule10_aForgedSendAndOneThatComesAgainAreNotHandled() {
		application();
		ConfigurableApplicationContext gateway = gateway();
		RealtimeNode eve = opened(ChatNode.start(this.redis.port())).getBean(RealtimeNode.class);
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
			signal(eve, node, sealed.replace("\"ann\"", "\"root\""));
			signal(eve, node, sealed.substring(64));
			signal(eve, node, "x");
			send(ann, "/app/slow", "2");
			assertThat(answer(ann, "2").command()).isEqualTo("RECEIPT");
		}
		assertThat(List.copyOf(Talk.HANDLED)).containsExactly("ann 1", "ann 2");
	}

	@Test
	void rule10_messageRulesOfTheNodeDecideByTheAuthoritiesOfTheGatewaysUser() {
		opened(start(this.redis.port(), Secured.class, SECRET, "chat.observed=none"));
		ConfigurableApplicationContext gateway = opened(
				start(this.redis.port(), Logins.class, "realtime.role=gateway", SECRET, "chat.observed=none"));
		try (StompTestClient ann = connect(gateway, "ann"); StompTestClient admin = connect(gateway, "admin")) {
			send(ann, "/app/admin", "1");
			assertThat(answer(ann, "1").get("reason")).isEqualTo("forbidden");
			send(admin, "/app/admin", "2");
			assertThat(answer(admin, "2").command()).isEqualTo("RECEIPT");
		}
		assertThat(Talk.HANDLED).containsExactly("admin 2");
	}

	@Test
	void rule10_aNodeWithoutTheSecretTakesNothing() {
		opened(start(this.redis.port(), Talk.class));
		try (StompTestClient ann = connect(gateway("realtime.gateway.timeout=1s"), "ann")) {
			send(ann, "/app/slow", "1");
			assertThat(answer(ann, "1").get("reason")).isEqualTo("application-unavailable");
		}
		assertThat(Talk.HANDLED).isEmpty();
	}

	@Test
	void aNodeGoesOnWhenAGatewayIsGone() {
		Talk.gate = new CountDownLatch(1);
		application();
		TcpProxy proxy = new TcpProxy(this.redis.port());
		this.open.add(proxy);
		StompTestClient ann = closed(
				connect(opened(start(proxy.port(), NoMethods.class, "realtime.role=gateway", SECRET)), "ann"));
		send(ann, "/app/slow", "1");
		await().until(() -> Talk.HANDLED.contains("ann 1"));
		proxy.switchTo(1);
		Talk.gate.countDown();
		try (StompTestClient bob = connect(gateway(), "bob")) {
			send(bob, "/app/slow", "1");
			assertThat(answer(bob, "1").command()).isEqualTo("RECEIPT");
		}
	}

	@Test
	void aGatewayHandsOnWhatItsOwnMethodsWouldTake() {
		application();
		try (StompTestClient ann = connect(
				opened(start(this.redis.port(), Local.class, "realtime.role=gateway", SECRET)), "ann")) {
			send(ann, "/app/slow", "1");
			assertThat(answer(ann, "1").command()).isEqualTo("RECEIPT");
			assertThat(Talk.HANDLED).containsExactly("ann 1");
		}
	}

	@Test
	void contradictionsFailTheStart() {
		assertThatThrownBy(() -> start(this.redis.port(), NoMethods.class, "realtime.role=gateway")).rootCause()
			.hasMessageContaining("realtime.gateway.secret");
		assertThatThrownBy(() -> start(this.redis.port(), NoMethods.class, "realtime.role=gateway", SECRET,
				"realtime.broker=memory"))
			.rootCause()
			.hasMessageContaining("needs Redis");
		assertThatThrownBy(() -> start(this.redis.port(), NoMethods.class, "realtime.role=gateway",
				"realtime.gateway.secret=short"))
			.rootCause()
			.hasMessageContaining("32")
			.hasMessageNotContaining("short");
	}

	private static void signal(RealtimeNode from, Topic to, String payload) {
		from.signal(new Signal(to, "send", null, payload, null)).toCompletableFuture().join();
	}

	/** As fast as people do, in a row of rounds. */
	private static void sendUntil(List<StompTestClient> clients, AtomicInteger sends, Callable<Boolean> end) {
		await().atMost(Duration.ofSeconds(30))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> {
				sendAll(clients, sends.getAndIncrement());
				return end.call();
			});
	}

	private static void sendAll(List<StompTestClient> clients, int number) {
		clients.forEach((client) -> send(client, "/app/slow", String.format("%05d", number)));
	}

	private static void send(StompTestClient client, String destination, String text) {
		client.send("SEND", Map.of("destination", destination, "receipt", text, "number", text), text);
	}

	/** The RECEIPT, or the refusal. */
	private static StompFrame answer(StompTestClient client, String receipt) {
		return client.await("answer " + receipt, (frame) -> isAnswer(frame) && receipt.equals(receipt(frame)));
	}

	private static @Nullable String receipt(StompFrame frame) {
		return (frame.get("receipt-id") != null) ? frame.get("receipt-id") : frame.get("receipt");
	}

	private static boolean isAnswer(StompFrame frame) {
		return frame.command().equals("RECEIPT") || frame.isEvent("denied");
	}

	private static List<StompFrame> answers(StompTestClient client) {
		return client.frames()
			.stream()
			.filter((frame) -> isAnswer(frame) && !String.valueOf(receipt(frame)).startsWith("r-"))
			.toList();
	}

	private static StompFrame message(StompTestClient client, String subscription) {
		return client.await("message on " + subscription,
				(frame) -> frame.isMessage() && subscription.equals(frame.get("subscription")));
	}

	/** Handled at most once and in order; exactly once where a receipt says so. */
	private static void assertEachIsAnsweredOnce(List<StompTestClient> clients, int sends) {
		await().atMost(Duration.ofSeconds(40))
			.untilAsserted(() -> assertThat(clients)
				.allSatisfy((client) -> assertThat(answers(client)).hasSizeGreaterThanOrEqualTo(sends)));
		for (StompTestClient client : clients) {
			List<StompFrame> answers = answers(client);
			assertThat(answers).extracting(GatewayIT::receipt).hasSize(sends).doesNotHaveDuplicates();
			String user = client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED")).header("user-name")
					+ " ";
			List<String> handled = Talk.HANDLED.stream().filter((each) -> each.startsWith(user)).toList();
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

	private ConfigurableApplicationContext application() {
		return application(this.redis.port());
	}

	private ConfigurableApplicationContext application(int redisPort) {
		return opened(start(redisPort, Talk.class, SECRET));
	}

	private ConfigurableApplicationContext gateway(String... more) {
		List<String> all = new ArrayList<>(List.of("realtime.role=gateway", SECRET));
		all.addAll(List.of(more));
		return opened(start(this.redis.port(), NoMethods.class, all.toArray(String[]::new)));
	}

	private static StompTestClient connect(ConfigurableApplicationContext gateway, String user) {
		return StompTestClient.connect(ChatNode.port(gateway), user);
	}

	private <T extends AutoCloseable> T closed(T resource) {
		this.open.add(resource);
		return resource;
	}

	private ConfigurableApplicationContext opened(ConfigurableApplicationContext context) {
		return closed(context);
	}

	private static ConfigurableApplicationContext start(int redisPort, Class<?> methods, String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + redisPort, "realtime.drain.spread=0s", "realtime.gateway.lease=2s",
				"management.health.redis.enabled=false", "realtime.security.anonymous=true",
				"spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(ChatNode.class, methods).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	/** A gateway has none. */
	static class NoMethods {

	}

	/** Users with the role of their name. */
	static class Logins {

		@Bean
		ConnectAuthenticator logins() {
			return (connect) -> UsernamePasswordAuthenticationToken.authenticated(connect.login(), null,
					AuthorityUtils.createAuthorityList("ROLE_" + connect.login()));
		}

	}

	/** The application with message rules. */
	@EnableWebSocketSecurity
	@Import(Talk.class)
	static class Secured {

		@Bean
		AuthorizationManager<Message<?>> rules(MessageMatcherDelegatingAuthorizationManager.Builder messages) {
			return messages.simpDestMatchers("/app/admin").hasRole("admin").anyMessage().permitAll().build();
		}

	}

	/** Methods of a gateway's own. */
	@Controller
	static class Local {

		@MessageMapping("/slow")
		void slow(String text) {
			Talk.HANDLED.add("at the gateway " + text);
		}

	}

	/** The application. */
	@Controller
	static class Talk {

		static final Queue<String> HANDLED = new ConcurrentLinkedQueue<>();

		static volatile CountDownLatch gate = new CountDownLatch(0);

		@MessageMapping("/slow")
		void slow(String text, Principal user, @Header("number") String number) throws InterruptedException {
			HANDLED.add(user.getName() + " " + text);
			assertThat(number).isEqualTo(text);
			boolean opened = gate.await(20, TimeUnit.SECONDS);
			assertThat(opened).isTrue();
		}

		@MessageMapping("/admin")
		void admin(String text, Principal user) {
			HANDLED.add(user.getName() + " " + text);
		}

		@MessageMapping("/echo")
		@SendToUser("/queue/echo")
		String echo(String text, Principal user) {
			return user.getName() + " says " + text;
		}

		@MessageMapping("/here")
		@SendToUser(destinations = "/queue/here", broadcast = false)
		String here(String text) {
			return "here " + text;
		}

		@MessageMapping("/room")
		@SendTo("/topic/room.1")
		String room(String text) {
			return text;
		}

		@MessageMapping("/count")
		@SendToUser("/queue/echo")
		String count(SimpMessageHeaderAccessor headers) {
			Map<String, Object> attributes = Objects.requireNonNull(headers.getSessionAttributes());
			return "count " + attributes.merge("count", 1, (one, more) -> (Integer) one + 1);
		}

	}

}

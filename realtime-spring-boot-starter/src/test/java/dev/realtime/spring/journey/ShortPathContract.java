package dev.realtime.spring.journey;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.annotation.SendToUser;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.config.WebSocketMessageBrokerStats;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Where nothing of the application looks at clients' frames, they become no Spring
 * messages; whatever looks at them, sees them. Clients notice no difference.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ShortPathContract {

	/** One frame after the other; what is answered must be the same on both paths. */
	private static final List<String> SCRIPT = List.of("SUBSCRIBE\nid:a\ndestination:/topic/room.1\nreceipt:1\n\n\0",
			"SEND\ndestination:/topic/room.1\ncontent-type:text/plain; charset=utf-8\nreceipt:2\ntype:note\n\nhello\0",
			"SEND\ndestination:/topic/room.1\nid:m1\nreceipt:3\nexclude-self:1\n\nnot to me\0",
			"SEND\ndestination:/topic/room.1\nid:m1\nreceipt:4\n\nagain\0",
			"SUBSCRIBE\nid:a\ndestination:/topic/room.2\nreceipt:5\n\n\0",
			"SUBSCRIBE\ndestination:/topic/room.2\nreceipt:6\n\n\0",
			"SUBSCRIBE\nid:realtime\ndestination:/topic/room.2\nreceipt:7\n\n\0",
			"SUBSCRIBE\nid:b\ndestination:/topic/room.1\nlast-seq:x\nepoch:y\nreceipt:8\n\n\0",
			"SUBSCRIBE\nid:c\ndestination:/topic/room.#\nreceipt:9\n\n\0",
			"SUBSCRIBE\nid:d\ndestination:/nowhere\nreceipt:10\n\n\0",
			"SEND\ndestination:/topic/closed\nreceipt:11\n\nx\0", "SEND\nreceipt:12\n\nx\0",
			"SEND\ndestination:/topic/room.1\ncontent-type:nonsense\nreceipt:13\n\nx\0",
			"SUBSCRIBE\nid:e\ndestination:/topic/room.1\nlong:" + "x".repeat(9_000) + "\nreceipt:14\n\n\0",
			"SEND\ndestination:/app/whoami\nreceipt:15\n\n\0", "UNSUBSCRIBE\nreceipt:16\n\n\0",
			"UNSUBSCRIBE\nid:a\nreceipt:17\n\n\0", "SUBSCRIBE\nid:a\ndestination:/user/queue/answers\nreceipt:18\n\n\0",
			"SEND\ndestination:/app/whoami\nreceipt:19\n\n\0",
			"BEGIN\ntransaction:t\n\n\0SEND\ntransaction:t\ndestination:/topic/room.1\nreceipt:20\n\nlater\0"
					+ "COMMIT\ntransaction:t\n\n\0",
			"SUBSCRIBE\nid:f\ndestination:/topic/pri*\nreceipt:21\n\n\0",
			"SUBSCRIBE\nid:g\ndestination:/app/greeting\nreceipt:22\n\n\0");

	private final String[] transport;

	private final ConfigurableApplicationContext direct;

	private final ConfigurableApplicationContext observed;

	ShortPathContract(String... transport) {
		this.transport = transport;
		this.direct = start();
		this.observed = start();
		inbound(this.observed).addInterceptor(new ChannelInterceptor() {
		});
	}

	private ConfigurableApplicationContext start(String... more) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "realtime.broker=memory", "chat.observed=false",
				"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.client-publish=true",
				"realtime.limits.max-header-size=4KB", "realtime.drain.spread=0s", "realtime.security.anonymous=true",
				"spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(this.transport));
		all.addAll(List.of(more));
		return new SpringApplicationBuilder(ChatNode.class, Application.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@AfterAll
	void stop() {
		this.direct.close();
		this.observed.close();
	}

	@Test
	void aFrameBecomesNoMessageWhereNothingLooks() {
		long before = connects(this.direct);
		try (StompTestClient client = connect(this.direct, "ann")) {
			client.subscribe("s", "/topic/room.9");
			client.send("SEND", Map.of("destination", "/topic/room.9", "receipt", "sent"), "x");
			client.await("the receipt", (frame) -> "sent".equals(frame.get("receipt-id")));
		}
		assertThat(connects(this.direct)).isEqualTo(before);
		long beforeObserved = connects(this.observed);
		connect(this.observed, "ann").close();
		assertThat(connects(this.observed)).isEqualTo(beforeObserved + 1);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "accept-version:1.2\nlogin:ann\nrealtime:1", "accept-version:1.1, 1.0\nlogin:ann: umlaut ü",
					"accept-version:1.0,1.1,1.2,1.3\nheart-beat:40000, 50000", "realtime:1\nlogin:ann\npasscode:secret",
					"accept-version:1.3\nlogin:ann", "accept-version:1.2\nheart-beat:x,y", "login:x\nlong:LONG",
					"accept-version:1.2\nlogin:refused", "accept-version:1.2\nlogin:TOO-LONG" })
	void clientsGetTheSameOnBothPaths(String connect) {
		assertThat(transcript(this.direct, connect)).isEqualTo(transcript(this.observed, connect));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void rule11_theRegistryOfUsersIsRightOnBothPaths(boolean looking) {
		ConfigurableApplicationContext node = looking ? this.observed : this.direct;
		SimpUserRegistry users = node.getBean(SimpUserRegistry.class);
		StompTestClient client = connect(node, "reg");
		client.subscribe("one", "/topic/room.5");
		client.subscribe("two", "/topic/room.6");
		assertThat(subscriptions(users, "reg")).containsExactlyInAnyOrder("one /topic/room.5", "two /topic/room.6");
		client.send("UNSUBSCRIBE", Map.of("id", "one", "receipt", "gone"), "");
		client.await("the receipt", (frame) -> "gone".equals(frame.get("receipt-id")));
		client.send("SUBSCRIBE", Map.of("id", "bad", "destination", "/topic/room.#", "receipt", "bad"), "");
		client.await("the refusal", (frame) -> frame.isEvent("denied"));
		assertThat(subscriptions(users, "reg")).containsExactly("two /topic/room.6");
		client.cut();
		await().untilAsserted(() -> assertThat(users.getUser("reg")).isNull());
	}

	@Test
	void rule11_methodsOfTheApplicationSeeASessionThatSpringDidNotKnow() {
		long before = connects(this.direct);
		try (StompTestClient client = connect(this.direct, "mix")) {
			client.subscribe("topic", "/topic/room.7");
			client.subscribe("mine", "/user/queue/answers");
			client.send("SEND", Map.of("destination", "/app/whoami"), "");
			StompFrame answer = client.await("the method's answer", StompFrame::isMessage);
			assertThat(answer.body()).isEqualTo("mix");
			client.send("SEND", Map.of("destination", "/topic/room.7"), "between");
			client.await("the message", (frame) -> frame.isMessage() && frame.body().equals("between"));
			client.send("SEND", Map.of("destination", "/app/whoami"), "");
			await().until(() -> client.messages().size() == 3);
			client.send("DISCONNECT", Map.of("receipt", "bye"), "");
			client.await("the receipt", (frame) -> "bye".equals(frame.get("receipt-id")));
		}
		assertThat(connects(this.direct)).isEqualTo(before + 1);
	}

	/** Spring must not get to know a session whose CONNECT was refused. */
	@Test
	void rule10_whatComesWithARefusedConnectReachesNoMethod() {
		Answers answers = this.direct.getBean(Answers.class);
		int before = answers.calls.size();
		try (StompTestClient client = StompTestClient.open(port(this.direct))) {
			client.raw("CONNECT\naccept-version:1.2\nlogin:refused\nrealtime:1\n\n\0"
					+ "SEND\ndestination:/app/whoami\n\n\0SUBSCRIBE\nid:s\ndestination:/topic/room.1\n\n\0");
			await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
			assertThat(client.frames()).extracting(StompFrame::command).containsExactly("ERROR");
		}
		assertThat(answers.calls).hasSize(before);
		assertThat(this.direct.getBean(SimpUserRegistry.class).getUser("refused")).isNull();
	}

	@Test
	void rule10_nobodyConnectsWhereAUserIsRequired() {
		try (ConfigurableApplicationContext node = start("realtime.security.anonymous=false")) {
			try (StompTestClient client = StompTestClient.open(port(node))) {
				client.raw("CONNECT\naccept-version:1.2\n\n\0SUBSCRIBE\nid:s\ndestination:/topic/room.1\n\n\0");
				await().untilAsserted(() -> assertThat(client.closeCode).isEqualTo(1008));
				assertThat(client.frames()).extracting(StompFrame::command).containsExactly("ERROR");
			}
			connect(node, "ann").close();
			assertThat(connects(node)).isZero();
		}
	}

	@ParameterizedTest
	@EnumSource
	void rule11_whateverLooksSeesWhatItSawBefore(FrameWatcher observer) {
		try (ConfigurableApplicationContext node = start()) {
			Queue<String> seen = new ConcurrentLinkedQueue<>();
			// Before the first frame, and as late as can be.
			StompTestClient early = connect(node, "early");
			early.subscribe("s", "/topic/room.1");
			assertThat(connects(node)).isZero();
			observer.add(node, seen);
			try (StompTestClient client = connect(node, "ann")) {
				client.subscribe("s", "/topic/room.1");
				client.send("SEND", Map.of("destination", "/topic/room.1", "receipt", "sent"), "x");
				client.await("the receipt", (frame) -> "sent".equals(frame.get("receipt-id")));
				client.send("UNSUBSCRIBE", Map.of("id", "s", "receipt", "gone"), "");
				client.await("the receipt", (frame) -> "gone".equals(frame.get("receipt-id")));
			}
			await().untilAsserted(() -> assertThat(seen).containsAll(observer.expected()));
			seen.clear();
			early.send("UNSUBSCRIBE", Map.of("id", "s", "receipt", "gone"), "");
			early.await("the receipt", (frame) -> "gone".equals(frame.get("receipt-id")));
			if (observer.expected().contains("UNSUBSCRIBE ann")) {
				assertThat(seen).contains("UNSUBSCRIBE early");
			}
			early.close();
		}
	}

	@Test
	void rule11_springClosesNoSessionForSilenceThatWasHandledHere() {
		try (ConfigurableApplicationContext node = start("chat.first-message=200")) {
			StompTestClient client = connect(node, "ann");
			long connected = System.nanoTime();
			await().until(() -> System.nanoTime() - connected > 250_000_000);
			for (int i = 0; i < 3; i++) {
				connect(node, "bob").close();
			}
			client.subscribe("s", "/topic/room.1");
			assertThat(client.closeCode).isNull();
			client.close();
		}
	}

	private List<String> transcript(ConfigurableApplicationContext node, String connect) {
		List<String> transcript = new ArrayList<>();
		try (StompTestClient client = StompTestClient.open(port(node))) {
			client.raw("CONNECT\n" + connect.replace("TOO-LONG", "u".repeat(300)).replace("LONG", "x".repeat(9_000))
					+ "\n\n\0");
			StompFrame answer = client.await("an answer", (frame) -> true);
			transcript.add(answer.toString());
			for (int i = 0; i < SCRIPT.size() && answer.command().equals("CONNECTED"); i++) {
				String receipt = String.valueOf(i + 1);
				client.rawIfOpen(SCRIPT.get(i));
				await(SCRIPT.get(i)).until(() -> client.closeCode != null
						|| client.frames().stream().anyMatch((frame) -> receipt.equals(frame.get("receipt-id"))));
			}
			await().until(() -> client.closeCode != null
					|| client.messages().stream().anyMatch((frame) -> "g".equals(frame.get("subscription"))));
			client.frames().stream().map(ShortPathContract::comparable).sorted().forEach(transcript::add);
			transcript.add(client.closeCode + " " + client.closeReason);
		}
		return transcript;
	}

	/** Without what is another one each time. */
	private static String comparable(StompFrame frame) {
		Map<String, String> headers = new TreeMap<>(frame.headers());
		List.of("epoch", "seq", "message-id", "timestamp", "head-seq", "live-seq").forEach(headers::remove);
		return frame.command() + headers + frame.body();
	}

	private StompTestClient connect(ConfigurableApplicationContext node, String user) {
		return StompTestClient.connect(port(node), user);
	}

	private static int port(ConfigurableApplicationContext node) {
		return ChatNode.port(node);
	}

	/** How many CONNECTs have passed Spring's handler. */
	private static long connects(ConfigurableApplicationContext node) {
		return Objects.requireNonNull(node.getBean(WebSocketMessageBrokerStats.class).getStompSubProtocolStats())
			.getTotalConnect();
	}

	static AbstractSubscribableChannel inbound(ConfigurableApplicationContext node) {
		return node.getBean("clientInboundChannel", AbstractSubscribableChannel.class);
	}

	private static List<String> subscriptions(SimpUserRegistry users, String user) {
		return Objects.requireNonNull(users.getUser(user))
			.getSessions()
			.stream()
			.flatMap((session) -> session.getSubscriptions().stream())
			.map((each) -> each.getId() + ' ' + each.getDestination())
			.collect(Collectors.toList());
	}

	/** Methods of the application, and Spring's time to the first message. */
	static class Application {

		@Bean
		Answers answers() {
			return new Answers();
		}

		@Bean
		WebSocketMessageBrokerConfigurer firstMessage(@Value("${chat.first-message:60000}") int millis) {
			return new WebSocketMessageBrokerConfigurer() {

				@Override
				public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
					registration.setTimeToFirstMessage(millis);
				}

			};
		}

	}

	@Controller
	static class Answers {

		final Queue<String> calls = new ConcurrentLinkedQueue<>();

		@MessageMapping("/whoami")
		@SendToUser("/queue/answers")
		String whoAmI(@Nullable Principal user) {
			this.calls.add("whoami");
			return (user != null) ? user.getName() : "nobody";
		}

		@SubscribeMapping("/greeting")
		String greeting() {
			return "hello";
		}

	}

}

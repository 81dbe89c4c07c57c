package dev.realtime.spring.compat;

import java.util.List;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.user.SimpSubscription;
import org.springframework.messaging.simp.user.SimpUser;
import org.springframework.messaging.simp.user.SimpUserRegistry;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.config.WebSocketMessageBrokerStats;
import org.springframework.web.socket.sockjs.client.RestTemplateXhrTransport;
import org.springframework.web.socket.sockjs.client.SockJsClient;
import org.springframework.web.socket.sockjs.client.Transport;
import org.springframework.web.socket.sockjs.client.WebSocketTransport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an existing application and its clients rely on besides: sessions and their users,
 * security, limits and transports.
 */
abstract class ExistingApplicationContract extends ExistingMessagesContract {

	ExistingApplicationContract(ConfigurableApplicationContext application) {
		super(application);
	}

	@Test
	void theUserRegistryKnowsUsersSessionsAndSubscriptions() {
		SimpUserRegistry registry = bean(SimpUserRegistry.class);
		StompUser eve = connect("eve");
		StompUser eveAgain = connect("eve");
		eve.subscribed("/topic/registry");
		SimpUser user = Objects.requireNonNull(registry.getUser("eve"));
		assertThat(user.getSessions()).hasSize(2);
		assertThat(registry.findSubscriptions((each) -> each.getDestination().equals("/topic/registry")))
			.extracting(SimpSubscription::getDestination)
			.containsExactly("/topic/registry");
		eve.disconnect();
		await().until(
				() -> registry.findSubscriptions((each) -> each.getDestination().equals("/topic/registry")).isEmpty());
		await().until(() -> Objects.requireNonNull(registry.getUser("eve")).getSessions().size() == 1);
		eveAgain.disconnect();
		await().until(() -> registry.getUser("eve") == null);
	}

	@Test
	void theSessionsEventsArePublishedInOrder() {
		StompUser root = connect("root");
		StompSession.Subscription subscription = root.session().subscribe("/topic/events", new Inbox());
		await().until(() -> bean(SessionEvents.class).of("root").size() == 3);
		subscription.unsubscribe();
		await().until(() -> bean(SessionEvents.class).of("root").size() == 4);
		root.disconnect();
		await().until(() -> bean(SessionEvents.class).of("root").size() == 5);
		assertThat(bean(SessionEvents.class).of("root")).contains("SessionConnectEvent")
			.containsSubsequence("SessionConnectedEvent", "SessionSubscribeEvent /topic/events",
					"SessionUnsubscribeEvent", "SessionDisconnectEvent");
	}

	@Test
	void aLostConnectionIsADisconnectToo() {
		try (RawSocket lost = RawSocket.connect(this.port, "ann@b.c", "0,0")) {
			long before = disconnects("ann@b.c");
			lost.abort();
			await().untilAsserted(() -> assertThat(disconnects("ann@b.c")).isEqualTo(before + 1));
		}
	}

	@Test
	void theInboundInterceptorSeesChangesAndDropsFrames() {
		try (StompUser bob = connect("bob")) {
			Inbox room = bob.subscribed("/topic/room.seen");
			StompHeaders dropped = new StompHeaders();
			dropped.setDestination("/app/say.seen");
			dropped.add("mood", "glad");
			dropped.add("drop", "yes");
			bob.send(dropped, "dropped");
			StompHeaders changed = new StompHeaders();
			changed.setDestination("/app/say.seen");
			changed.add("mood", "gloomy");
			bob.send(changed, "kept");
			room.awaitTexts("bob (brave) in seen: kept");
			assertThat(bean(FrameRecorder.class).of("bob")).contains("CONNECT -", "SUBSCRIBE /topic/room.seen",
					"SEND /app/say.seen");
		}
	}

	@Test
	void aSessionHasAttributesFromItsHandshakeOn() {
		try (StompUser ann = connect("ann"); StompUser other = connect("ann")) {
			Inbox answers = ann.subscribed("/user/queue/answers");
			Inbox others = other.subscribed("/user/queue/answers");
			ann.send("/app/count", "");
			ann.send("/app/count", "");
			answers.awaitTexts("test 1", "test 2");
			other.send("/app/count", "");
			others.awaitTexts("test 1");
		}
	}

	@Test
	void securityKnowsWhoSends() {
		try (StompUser ann = connect("ann")) {
			Inbox answers = ann.subscribed("/user/queue/answers");
			ann.send("/app/members.whoami", "");
			answers.awaitTexts("ann [ROLE_USER]");
		}
	}

	@Test
	void securityRefusesASubscriptionByDestination() {
		try (StompUser bob = connect("bob"); StompUser ann = connect("ann")) {
			Inbox secret = ann.subscribe("/topic/admin.news");
			assertThat(ann.awaitRefusal()).isNotEmpty();
			template().convertAndSend("/topic/admin.news", "secret");
			bob.ready();
			assertThat(secret.texts()).isEmpty();
		}
	}

	@Test
	void securityRefusesASendByDestination() {
		try (StompUser ann = connect("ann")) {
			ann.send("/app/admin.say", "let me in");
			assertThat(ann.awaitRefusal()).isNotEmpty();
		}
		try (StompUser nobody = StompUser.connectAnonymously(this.port)) {
			nobody.send("/app/members.whoami", "");
			assertThat(nobody.awaitRefusal()).isNotEmpty();
		}
	}

	@Test
	void heartbeatsAreNegotiatedAsTheApplicationConfigured() {
		try (RawSocket ann = RawSocket.connect(this.port, "ann", "0,0")) {
			assertThat(ann.received()).contains("heart-beat:2000,1000\n");
		}
	}

	@Test
	void theServerSendsHeartbeats() {
		try (RawSocket ann = RawSocket.connect(this.port, "ann", "0,500")) {
			ann.await("\0\n");
		}
	}

	@Test
	void theServerClosesWhoBrokeThePromiseOfHeartbeats() {
		try (RawSocket ann = RawSocket.connect(this.port, "ann", "500,0")) {
			await().until(ann::isClosed);
		}
	}

	@Test
	void frameSizesAreLimitedAsTheApplicationConfigured() {
		try (RawSocket ann = RawSocket.connect(this.port, "ann", "0,0")) {
			ann.send("SUBSCRIBE\nid:s\ndestination:/user/queue/answers\n\n\0");
			ann.send("SEND\ndestination:/app/length\n\n" + "x".repeat(150_000) + '\0');
			await().untilAsserted(() -> {
				assertThat(ann.isClosed()).isFalse();
				assertThat(bodies(ann.received())).containsExactly("length 150000");
			});
		}
	}

	@Test
	void sockJsClientsUseWebSocketsToo() {
		conversesOver(new WebSocketTransport(new StandardWebSocketClient()));
	}

	@Test
	void sockJsClientsUseHttpWhereTheyMust() {
		conversesOver(new RestTemplateXhrTransport(new RestTemplate()));
	}

	@Test
	void theBrokersStatsCountSessionsAndThreads() {
		WebSocketMessageBrokerStats stats = bean(WebSocketMessageBrokerStats.class);
		try (StompUser ann = connect("ann")) {
			ann.ready();
			assertThat(Objects.requireNonNull(stats.getWebSocketSessionStats()).getWebSocketSessions()).isPositive();
			assertThat(stats.getClientInboundExecutorStatsInfo()).contains("pool size");
			assertThat(stats.getClientOutboundExecutorStatsInfo()).contains("pool size");
		}
	}

	private void conversesOver(Transport transport) {
		SockJsClient sockJs = new SockJsClient(List.of(transport));
		try (StompUser ann = StompUser.connect(sockJs,
				"http://localhost:" + ExistingApplication.webPort(this.application) + "/sockjs", "ann")) {
			Inbox echoes = ann.subscribed("/topic/sockjs");
			Inbox answers = ann.subscribed("/user/queue/answers");
			template().convertAndSend("/topic/sockjs", "hello \"you\"");
			echoes.awaitTexts("hello \"you\"");
			ann.send("/app/answer.all", "hi");
			answers.awaitTexts("all: hi");
		}
	}

	private long disconnects(String user) {
		return bean(SessionEvents.class).of(user).stream().filter("SessionDisconnectEvent"::equals).count();
	}

}

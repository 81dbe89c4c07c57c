package dev.realtime.spring.compat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.realtime.hub.HubStats;
import dev.realtime.node.RealtimeNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.config.MessageBrokerRegistry;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/** SockJS clients that do not read, in a real container, beside clients that do. */
class SockJsReadersIT {

	private static final int STUCK = 200;

	/** A WebSocket message of one letter. */
	private static final String HEARTBEAT = "\u0081\u0001h";

	private final List<SockJsSocket> sockets = new ArrayList<>();

	/** How a WebSocket's close frame begins. */
	private static final String CLOSE = "\u0088";

	private ConfigurableApplicationContext node = start();

	private static ConfigurableApplicationContext start(String... properties) {
		return PlainNode.start(List.of(properties), SockJs.class);
	}

	@AfterEach
	void stop() throws IOException {
		for (SockJsSocket socket : this.sockets) {
			socket.close();
		}
		this.node.close();
	}

	@Test
	void rule5_twoHundredClientsThatDoNotReadDelayNoOther() throws IOException {
		List<SockJsSocket> healthy = List.of(webSocket(), streaming(), plain());
		for (SockJsSocket each : healthy) {
			each.subscribe("/topic/quick").subscribe("/topic/large");
		}
		for (int i = 0; i < STUCK / 2; i++) {
			webSocket().subscribe("/topic/large");
			streaming().subscribe("/topic/large");
		}
		SimpMessagingTemplate template = this.node.getBean(SimpMessagingTemplate.class);
		String large = "x".repeat(60_000);
		int rounds = 0;
		while (stuckWriters() < STUCK / 2 && rounds < 300) {
			template.convertAndSend("/topic/large", large + "end" + rounds + '!');
			for (SockJsSocket each : healthy) {
				each.await("end" + rounds + '!');
			}
			rounds++;
		}
		assertThat(stuckWriters()).isGreaterThanOrEqualTo(STUCK / 2);
		for (int i = 0; i < 20; i++) {
			long begin = System.nanoTime();
			template.convertAndSend("/topic/quick", "message " + i + '!');
			for (SockJsSocket each : healthy) {
				each.await("message " + i + '!');
			}
			assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(3));
		}
		SockJsSocket last = plain();
		long begin = System.nanoTime();
		last.send("NONSENSE\n\n\0");
		last.await(CLOSE);
		assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(3));
	}

	@Test
	void rule8_connectionsOverHttpAreBoundedAndOthersAreNot() throws IOException {
		this.node.close();
		this.node = start("realtime.limits.sockjs-http-connections=1");
		SockJsSocket first = streaming();
		SockJsSocket second = new SockJsSocket(ExistingApplication.port(this.node), true, true);
		this.sockets.add(second);
		second.await("c[1013,");
		webSocket().subscribe("/topic/quick");
		first.subscribe("/topic/quick");
		first.close();
		HubStats stats = this.node.getBean(RealtimeNode.class).hub().stats();
		assertThat(stats.overflows()).isZero();
	}

	@Test
	void heartbeatsOfSockJsGoOn() throws IOException {
		SockJsSocket socket = webSocket();
		socket.await(HEARTBEAT);
		socket.subscribe("/topic/quick");
		socket.await(HEARTBEAT);
	}

	/** Threads of ours that write to a socket and wait. */
	private static long stuckWriters() {
		return Thread.getAllStackTraces()
			.entrySet()
			.stream()
			.filter((each) -> each.getKey().getName().startsWith("realtime-writer-"))
			.filter((each) -> List.of(each.getValue())
				.stream()
				.anyMatch((frame) -> frame.getMethodName().equals("doWrite")))
			.count();
	}

	private SockJsSocket webSocket() throws IOException {
		return connected(false, true);
	}

	private SockJsSocket streaming() throws IOException {
		return connected(true, true);
	}

	private SockJsSocket plain() throws IOException {
		return connected(false, false);
	}

	private SockJsSocket connected(boolean http, boolean sockJs) throws IOException {
		SockJsSocket socket = new SockJsSocket(ExistingApplication.port(this.node), http, sockJs);
		this.sockets.add(socket);
		return socket.connect();
	}

	/** The application's own STOMP support, with and without SockJS. */
	@Configuration(proxyBeanMethods = false)
	@EnableWebSocketMessageBroker
	static class SockJs implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/plain");
			registry.addEndpoint("/sockjs").withSockJS().setHeartbeatTime(2_000).setStreamBytesLimit(1 << 30);
		}

		@Override
		public void configureMessageBroker(MessageBrokerRegistry registry) {
			registry.enableSimpleBroker("/topic");
		}

	}

}

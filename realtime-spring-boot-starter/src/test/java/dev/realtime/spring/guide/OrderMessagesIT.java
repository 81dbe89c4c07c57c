package dev.realtime.spring.guide;

import java.lang.reflect.Type;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.messaging.converter.StringMessageConverter;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.stomp.StompFrameHandler;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = "realtime.broker=memory")
class OrderMessagesIT {

	private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

	private final WebSocketStompClient stomp = new WebSocketStompClient(new StandardWebSocketClient());

	@LocalServerPort
	int port;

	@Autowired
	SimpMessagingTemplate template;

	@BeforeEach
	void start() {
		this.scheduler.initialize();
		this.stomp.setTaskScheduler(this.scheduler); // for receipts
		this.stomp.setMessageConverter(new StringMessageConverter());
	}

	@AfterEach
	void stop() {
		this.stomp.stop();
		this.scheduler.shutdown();
	}

	@Test
	void aSubscriberGetsWhatIsPublished() throws Exception {
		StompSession session = this.stomp
			.connectAsync("ws://localhost:" + this.port + "/realtime", new StompSessionHandlerAdapter() {
			})
			.get(10, TimeUnit.SECONDS);
		BlockingQueue<String> received = subscribe(session, "/topic/order.42");
		this.template.convertAndSend("/topic/order.42", "packed");
		assertThat(received.poll(10, TimeUnit.SECONDS)).isEqualTo("packed");
	}

	@Test
	void whoComesLaterGetsTheHistory() throws Exception {
		this.template.convertAndSend("/topic/order.43", "packed");
		StompSession session = this.stomp
			.connectAsync("ws://localhost:" + this.port + "/realtime", new StompSessionHandlerAdapter() {
			})
			.get(10, TimeUnit.SECONDS);
		assertThat(subscribe(session, "/topic/order.43").poll(10, TimeUnit.SECONDS)).isEqualTo("packed");
	}

	/** Returns when the subscription is live: no message after that can be missed. */
	private static BlockingQueue<String> subscribe(StompSession session, String destination) throws Exception {
		BlockingQueue<String> received = new LinkedBlockingQueue<>();
		StompHeaders headers = new StompHeaders();
		headers.setDestination(destination);
		headers.setReceipt("live");
		headers.set("rewind", "10");
		CompletableFuture<Void> live = new CompletableFuture<>();
		session.subscribe(headers, new StompFrameHandler() {

			@Override
			public Type getPayloadType(StompHeaders message) {
				return String.class;
			}

			@Override
			public void handleFrame(StompHeaders message, Object payload) {
				received.add(String.valueOf(payload));
			}

		}).addReceiptTask(() -> live.complete(null));
		live.get(10, TimeUnit.SECONDS);
		return received;
	}

}

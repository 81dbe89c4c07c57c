package dev.realtime.sample.chat;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.converter.SimpleMessageConverter;
import org.springframework.messaging.simp.stomp.StompHeaders;
import org.springframework.messaging.simp.stomp.StompSession;
import org.springframework.messaging.simp.stomp.StompSessionHandlerAdapter;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.socket.WebSocketHttpHeaders;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;
import org.springframework.web.socket.messaging.WebSocketStompClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Spring's own STOMP client, which knows nothing of this project. */
final class Visitor extends StompSessionHandlerAdapter implements AutoCloseable {

	private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

	private final CompletableFuture<String> error = new CompletableFuture<>();

	private final ThreadPoolTaskScheduler receipts = new ThreadPoolTaskScheduler();

	private final CompletableFuture<StompSession> session;

	private Visitor(String address, String name) {
		this.receipts.initialize();
		WebSocketStompClient client = new WebSocketStompClient(new StandardWebSocketClient());
		client.setMessageConverter(new SimpleMessageConverter());
		client.setTaskScheduler(this.receipts);
		StompHeaders connect = new StompHeaders();
		connect.setLogin(name);
		this.session = client.connectAsync("ws://" + address + "/realtime", new WebSocketHttpHeaders(), connect, this);
	}

	static Visitor connects(String address, String name) {
		return new Visitor(address, name);
	}

	/** Returns when the subscription is live. */
	Visitor listens(String destination) throws Exception {
		StompHeaders headers = new StompHeaders();
		headers.setDestination(destination);
		headers.setReceipt(destination);
		CompletableFuture<Boolean> live = new CompletableFuture<>();
		StompSession.Subscription subscription = session().subscribe(headers, this);
		subscription.addReceiptTask(() -> live.complete(true));
		assertThat(live.get(20, TimeUnit.SECONDS)).isTrue();
		return this;
	}

	void says(String room, String id, String json) throws Exception {
		sends("/app/room/" + room + "/say", id, json);
	}

	void sends(String destination, String id, String json) throws Exception {
		StompHeaders headers = new StompHeaders();
		headers.setDestination(destination);
		headers.setContentType(MimeTypeUtils.APPLICATION_JSON);
		headers.setId(id);
		session().send(headers, json.getBytes(StandardCharsets.UTF_8));
	}

	Received hears() throws InterruptedException {
		Received next = this.received.poll(20, TimeUnit.SECONDS);
		assertThat(next).as("a message").isNotNull();
		return next;
	}

	/** The message of the ERROR frame that comes. */
	String isRefused() throws Exception {
		return this.error.get(20, TimeUnit.SECONDS);
	}

	@Override
	public Type getPayloadType(StompHeaders headers) {
		return byte[].class;
	}

	@Override
	public void handleFrame(StompHeaders headers, @Nullable Object payload) {
		if (headers.getSubscription() == null) {
			this.error.complete(String.valueOf(headers.getFirst("message")));
		}
		else if (payload instanceof byte[] bytes) {
			this.received.add(new Received(headers, new String(bytes, StandardCharsets.UTF_8)));
		}
	}

	@Override
	public void close() {
		CompletableFuture<Void> unused = this.session.thenAccept(StompSession::disconnect);
		this.receipts.shutdown();
	}

	private StompSession session() throws Exception {
		return this.session.get(20, TimeUnit.SECONDS);
	}

	/**
	 * A MESSAGE frame.
	 *
	 * @param headers its headers
	 * @param payload its body
	 */
	record Received(StompHeaders headers, String payload) {

		@Nullable String header(String name) {
			return this.headers.getFirst(name);
		}

	}

}

package dev.realtime.sample.chat;

import java.lang.reflect.Type;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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

	private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

	private static final Pattern TICKET = Pattern.compile("\"ticket\":\"([^\"]+)\"");

	private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();

	private final CompletableFuture<String> error = new CompletableFuture<>();

	private final ThreadPoolTaskScheduler receipts = new ThreadPoolTaskScheduler();

	private final CompletableFuture<StompSession> session;

	private final String token;

	private final String address;

	private Visitor(String address, String token, String ticket) {
		this.address = address;
		this.token = token;
		this.receipts.initialize();
		WebSocketStompClient client = new WebSocketStompClient(new StandardWebSocketClient());
		client.setMessageConverter(new SimpleMessageConverter());
		client.setTaskScheduler(this.receipts);
		StompHeaders connect = new StompHeaders();
		if (!ticket.isEmpty()) {
			connect.set("ticket", ticket);
		}
		this.session = client.connectAsync("ws://" + address + "/realtime", new WebSocketHttpHeaders(), connect, this);
	}

	static Visitor connects(String address, String name) throws Exception {
		String token = login(address, name);
		return new Visitor(address, token, find(TICKET, fetchTicket(address, token).body()));
	}

	/** A ticket of whoever; empty for none. */
	static Visitor withTicket(String address, String ticket) {
		return new Visitor(address, "", ticket);
	}

	static HttpResponse<String> fetchTicket(String address, String token) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/realtime/ticket"))
			.header("Authorization", "Bearer " + token)
			.POST(HttpRequest.BodyPublishers.noBody())
			.build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
	}

	private static String login(String address, String name) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/chat/login"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"" + name + "\"}"))
			.build();
		String answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
		return find(TOKEN, answer);
	}

	private static String find(Pattern wanted, String answer) {
		Matcher found = wanted.matcher(answer);
		assertThat(found.find()).as(answer).isTrue();
		return found.group(1);
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

	void tells(String whom, String id, String json) throws Exception {
		sends("/app/direct/" + whom + "/say", id, json);
	}

	/** What HTTP says to this person. */
	String reads(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + this.address + path))
			.header("Authorization", "Bearer " + this.token)
			.build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
	}

	Received hears() throws InterruptedException {
		Received next = this.received.poll(20, TimeUnit.SECONDS);
		assertThat(next).as("a message").isNotNull();
		return next;
	}

	/** The message of the ERROR frame that comes when it subscribes. */
	String isRefused(String destination) throws Exception {
		session().subscribe(destination, this);
		return isRefused();
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

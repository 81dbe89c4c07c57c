package dev.realtime.spring.journey;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reads Server-Sent Events as the HTML standard says, with CR, LF and both as the end of
 * a line.
 */
final class EventStream implements AutoCloseable, Flow.Subscriber<String> {

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	final List<String> lines = new CopyOnWriteArrayList<>();

	private final List<Event> events = new CopyOnWriteArrayList<>();

	private final CompletableFuture<HttpResponse.ResponseInfo> answer = new CompletableFuture<>();

	private final CompletableFuture<HttpResponse<Void>> exchange;

	private final List<String> block = new ArrayList<>();

	volatile String lastEventId = "";

	volatile boolean ended;

	private volatile Flow.@Nullable Subscription subscription;

	private EventStream(int port, String query, String... headers) {
		HttpRequest.Builder request = HttpRequest
			.newBuilder(URI.create("http://localhost:" + port + "/realtime/sse?" + query));
		if (headers.length > 0) {
			request.headers(headers);
		}
		this.exchange = HTTP.sendAsync(request.build(), (info) -> {
			this.answer.complete(info);
			return HttpResponse.BodySubscribers.fromLineSubscriber(this);
		});
	}

	/** Asks, and does not wait. */
	static EventStream ask(int port, String query, String... headers) {
		return new EventStream(port, query, headers);
	}

	/** Opens a stream and waits until all its subscriptions are answered. */
	static EventStream open(int port, String query, String... headers) {
		EventStream stream = new EventStream(port, query, headers);
		long subscriptions = Arrays.stream(query.split("&"))
			.filter((part) -> part.startsWith("topic=") || part.startsWith("destination="))
			.count();
		Awaitility.await("answers to " + query)
			.atMost(Duration.ofSeconds(10))
			.pollInterval(Duration.ofMillis(10))
			.untilAsserted(() -> assertThat(stream.events("subscribed").size() + stream.events("denied").size())
				.as(stream.toString())
				.isGreaterThanOrEqualTo((int) subscriptions));
		return stream;
	}

	HttpResponse.ResponseInfo answer() {
		return this.answer.orTimeout(20, TimeUnit.SECONDS).join();
	}

	List<Event> events() {
		return List.copyOf(this.events);
	}

	List<Event> events(String name) {
		return this.events.stream().filter((event) -> event.name().equals(name)).toList();
	}

	List<Event> messages() {
		return events("message");
	}

	List<Long> seqs(String topic) {
		return messages().stream()
			.map(Event::json)
			.filter((json) -> topic.equals(json.get("topic")))
			.map((json) -> ((Number) Objects.requireNonNull(json.get("seq"))).longValue())
			.toList();
	}

	Event await(String what, Predicate<Event> wanted) {
		return Awaitility.await(what)
			.atMost(Duration.ofSeconds(20))
			.pollInterval(Duration.ofMillis(10))
			.until(() -> this.events.stream().filter(wanted).findFirst().orElse(null), (event) -> event != null);
	}

	Event await(String name) {
		return await(name, (event) -> event.name().equals(name));
	}

	/** Cuts the connection without a word. */
	@Override
	public void close() {
		Flow.Subscription known = this.subscription;
		if (known != null) {
			known.cancel();
		}
		this.exchange.cancel(true);
	}

	@Override
	public void onSubscribe(Flow.Subscription opened) {
		this.subscription = opened;
		opened.request(Long.MAX_VALUE);
	}

	@Override
	public void onNext(String line) {
		this.lines.add(line);
		if (line.isEmpty()) {
			dispatch();
		}
		else {
			this.block.add(line);
		}
	}

	@Override
	public void onError(Throwable failure) {
		this.ended = true;
	}

	@Override
	public void onComplete() {
		this.ended = true;
	}

	/** What came so far, for when something is missing. */
	@Override
	public String toString() {
		HttpResponse.ResponseInfo info = this.answer.getNow(null);
		List<String> all = List.copyOf(this.lines);
		return ((info != null) ? info.statusCode() : "no answer") + (this.ended ? ", ended, " : ", open, ") + all.size()
				+ " lines, the last: " + all.subList(Math.max(0, all.size() - 8), all.size());
	}

	private void dispatch() {
		String name = "message";
		StringBuilder data = new StringBuilder();
		boolean hasData = false;
		for (String line : this.block) {
			int colon = line.indexOf(':');
			String field = (colon < 0) ? line : line.substring(0, colon);
			String value = (colon < 0) ? "" : line.substring(colon + 1);
			value = value.startsWith(" ") ? value.substring(1) : value;
			switch (field) {
				case "event" -> name = value;
				case "id" -> this.lastEventId = value;
				case "data" -> {
					data.append(hasData ? "\n" : "").append(value);
					hasData = true;
				}
				default -> {
					// Comments, retry.
				}
			}
		}
		this.block.clear();
		if (hasData) {
			this.events.add(new Event(name, this.lastEventId, data.toString()));
		}
	}

	/**
	 * An event as a page gets it.
	 *
	 * @param id the last one of the stream
	 */
	record Event(String name, String id, String data) {

		Map<String, Object> json() {
			return JsonParserFactory.getJsonParser().parseMap(this.data);
		}

		@Nullable Object get(String member) {
			return json().get(member);
		}

		long seq() {
			return ((Number) Objects.requireNonNull(get("seq"))).longValue();
		}

	}

}

package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Nodes whose spans a collector of the test's receives, and what they have recorded. */
final class TracedNodes implements AutoCloseable {

	/** Spans are exported every 5 s. */
	static final Duration SOON = Duration.ofSeconds(20);

	/** The span that clients name in {@link #traceparent}. */
	static final String CLIENT_SPAN = "00f067aa0ba902b7";

	private final OtlpReceiver collector = new OtlpReceiver();

	private final List<Class<?>> application;

	/** Nodes of a {@link ChatNode} with these classes. */
	TracedNodes(Class<?>... application) {
		this.application = List.of(application);
	}

	/** A node that needs no Redis. */
	ConfigurableApplicationContext startAlone(Class<?> more, String... properties) {
		List<String> all = new ArrayList<>(List.of("realtime.broker=memory", "management.health.redis.enabled=false"));
		all.addAll(List.of(properties));
		return start(more, all.toArray(String[]::new));
	}

	/** A node with one class more. */
	ConfigurableApplicationContext start(Class<?> more, String... properties) {
		List<Class<?>> classes = new ArrayList<>(List.of(ChatNode.class, more));
		classes.addAll(this.application);
		List<String> all = new ArrayList<>(this.collector.properties());
		all.addAll(List.of("server.port=0", "realtime.shards=2", "realtime.topics.rooms.pattern=room.*",
				"realtime.topics.rooms.client-publish=true", "realtime.drain.spread=0s",
				"realtime.security.anonymous=true", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(classes.toArray(Class<?>[]::new)).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	/** What has another application's spans exported to the same collector. */
	List<String> properties() {
		return this.collector.properties();
	}

	List<OtlpReceiver.Span> ofTrace(String trace) {
		return this.collector.ofTrace(trace);
	}

	List<OtlpReceiver.Span> named(String name) {
		return this.collector.named(name);
	}

	/** The one span of this name. */
	OtlpReceiver.Span span(String trace, String name) {
		List<OtlpReceiver.Span> found = spans(trace, name);
		assertThat(found).as(name + " in " + ofTrace(trace)).hasSize(1);
		return found.get(0);
	}

	List<OtlpReceiver.Span> spans(String trace, String name) {
		return ofTrace(trace).stream().filter((span) -> span.name().equals(name)).toList();
	}

	static String newTrace() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		return String.format("%016x%016x", random.nextLong(), random.nextLong(1, Long.MAX_VALUE));
	}

	/** What a client sends that has a span of this trace. */
	static String traceparent(String trace, boolean sampled) {
		return "00-" + trace + '-' + CLIENT_SPAN + (sampled ? "-01" : "-00");
	}

	/** Connects with control events, and with a login or without one. */
	static StompTestClient connect(ConfigurableApplicationContext node, @Nullable String login,
			Map<String, String> more) {
		StompTestClient client = StompTestClient.open(ChatNode.port(node));
		client.send("CONNECT", connectHeaders(login, more), "");
		client.await("CONNECTED", (frame) -> frame.command().equals("CONNECTED"));
		return client;
	}

	static Map<String, String> connectHeaders(@Nullable String login, Map<String, String> more) {
		Map<String, String> headers = new LinkedHashMap<>(more);
		headers.putAll(Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"));
		if (login != null) {
			headers.put("login", login);
		}
		return headers;
	}

	@Override
	public void close() {
		this.collector.close();
	}

}

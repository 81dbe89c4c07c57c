package dev.realtime.spring.compat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * An application whose filters wrap requests and responses, before and behind Spring
 * Security.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(20)
class OwnFiltersIT {

	private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	/** Answers later than on the request's own thread. */
	private final RedisServer redis = RedisServer.start();

	private final ConfigurableApplicationContext application = ExistingApplication.startWith(OwnFilters.class,
			"realtime.broker=redis", "spring.data.redis.url=" + this.redis.uri(), "realtime.drain.spread=0s",
			"server.compression.enabled=true", "server.compression.min-response-size=1B",
			"server.compression.mime-types=text/event-stream,application/json");

	@BeforeAll
	void publish() {
		this.application.getBean(RealtimePublisher.class)
			.publishAndWait(Publication.of(Topic.of("room.42"), Content.json("{\"name\":\"Zo\u00eb\"}")));
	}

	@AfterAll
	void stop() {
		this.application.close();
		this.redis.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "no filter", "last caching", "first caching", "last captured", "first captured",
			"last gzip", "first gzip", "last eager gzip", "first eager gzip", "last flushing", "first flushing",
			"last closing", "first closing", "last writer", "first writer", "last request caching",
			"last request copied", "last payload logging", "last parameters", "last latin 1", "last forwarded",
			"last hidden" })
	void rule11_streamsAndDocumentsComeWholeAndAtOnce(String filter) throws Exception {
		HttpResponse<InputStream> stream = HTTP.send(to("/realtime/sse?topic=room.42&rewind=1", filter).build(),
				HttpResponse.BodyHandlers.ofInputStream());
		try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
			assertHeaders(stream, "text/event-stream");
			assertThat(stream.headers().firstValue("Content-Encoding")).isEmpty();
			assertThat(lines.lines().filter((line) -> line.contains("Zo\u00eb")).findFirst()).isPresent();
		}
		assertDocument(get("/realtime/poll?topic=room.42&rewind=1", filter));
		assertDocument(get("/realtime/topics/room.42/messages", filter));
		HttpResponse<String> sent = HTTP
			.send(to("/realtime/send?destination=/app/echo", filter).header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("\"hello\""))
				.build(), HttpResponse.BodyHandlers.ofString());
		assertThat(sent.statusCode()).as(sent.body()).isEqualTo(204);
		assertThat(sent.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
	}

	@ParameterizedTest
	@ValueSource(strings = { "first caching", "last caching", "last captured", "last gzip", "last request caching" })
	void rule11_aBodyThatIsTooLargeIsRefusedWithASentence(String filter) throws Exception {
		HttpResponse<String> answer = HTTP
			.send(to("/realtime/send?destination=/app/echo", filter).header("Content-Type", "text/plain")
				.POST(HttpRequest.BodyPublishers.ofString("x".repeat(2 * ExistingApplication.MAX_FRAME)))
				.build(), OwnFiltersIT::decoded);

		assertThat(answer.statusCode()).isEqualTo(413);
		assertThat(answer.body()).contains("A body has at most");
	}

	@ParameterizedTest
	@ValueSource(strings = { "last parameters", "last hidden", "last payload logging", "last request caching" })
	void rule11_aFormThatAFilterMayHaveReadIsRefusedWithASentence(String filter) throws Exception {
		HttpResponse<String> answer = HTTP.send(to("/realtime/send?destination=/app/echo", filter)
			.header("Content-Type", "application/x-www-form-urlencoded")
			.POST(HttpRequest.BodyPublishers.ofString("text=hello"))
			.build(), HttpResponse.BodyHandlers.ofString());

		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("A form cannot be sent here");
	}

	@Test
	void rule11_aBodyThatAFilterHasReadIsRefusedWithASentence() throws Exception {
		HttpResponse<String> answer = HTTP
			.send(to("/realtime/send?destination=/app/echo", "last reader").header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("\"hello\""))
				.build(), HttpResponse.BodyHandlers.ofString());

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
		assertThat(answer.body()).contains("A filter of the application has already read the body");
	}

	@Test
	void rule11_aFilterThatDoesNotSupportAsynchronousRequestsIsNamedAsTheReason() throws Exception {
		HttpResponse<String> answer = get("/realtime/sse?topic=room.42", "last synchronous");

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(500);
		assertThat(answer.body()).contains("does not support asynchronous requests");
		assertDocument(get("/realtime/topics/room.42/messages", "last synchronous"));
	}

	@Test
	void rule11_streamsThatTheContainerCompressesComeAtOnce() throws Exception {
		assumeTrue(ClassUtils.isPresent("org.apache.catalina.startup.Tomcat", null),
				"Jetty does not compress event streams");
		HttpRequest.Builder request = to("/realtime/sse?topic=room.42&rewind=1", "no filter");
		HttpResponse<InputStream> stream = HTTP.send(request.header("Accept-Encoding", "gzip").build(),
				HttpResponse.BodyHandlers.ofInputStream());
		assertThat(stream.headers().firstValue("Content-Encoding")).hasValue("gzip");
		// A reader of this input would wait for more than there is.
		try (InputStream in = new GZIPInputStream(stream.body())) {
			StringBuilder events = new StringBuilder();
			byte[] bytes = new byte[1_024];
			while (events.indexOf("\"name\"") < 0) {
				events.append(new String(bytes, 0, in.read(bytes), StandardCharsets.UTF_8));
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "first caching", "last captured", "last gzip", "last latin 1" })
	void rule11_aWebSocketOpensBehindThem(String filter) {
		HTTP.newWebSocketBuilder()
			.header("X-Filter", filter)
			.subprotocols("v12.stomp")
			.buildAsync(URI.create("ws://localhost:" + ExistingApplication.webPort(this.application) + "/ws"),
					new WebSocket.Listener() {
					})
			.orTimeout(20, TimeUnit.SECONDS)
			.join()
			.abort();
	}

	private HttpResponse<String> get(String path, String filter) throws IOException, InterruptedException {
		return HTTP.send(to(path, filter).build(), OwnFiltersIT::decoded);
	}

	/** An answer that is there at once is compressed. */
	private static HttpResponse.BodySubscriber<String> decoded(HttpResponse.ResponseInfo info) {
		boolean zipped = info.headers().firstValue("Content-Encoding").isPresent();
		return HttpResponse.BodySubscribers.mapping(HttpResponse.BodySubscribers.ofByteArray(),
				(bytes) -> new String(zipped ? unzipped(bytes) : bytes, StandardCharsets.UTF_8));
	}

	private static byte[] unzipped(byte[] bytes) {
		try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
			return in.readAllBytes();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private HttpRequest.Builder to(String path, String filter) {
		return HttpRequest
			.newBuilder(URI.create("http://localhost:" + ExistingApplication.webPort(this.application) + path))
			.timeout(Duration.ofSeconds(3))
			.header("X-Filter", filter);
	}

	private static void assertDocument(HttpResponse<String> answer) {
		assertHeaders(answer, "application/json");
		assertThat(answer.body()).startsWith("{").contains("Zo\u00eb").endsWith("}");
	}

	private static void assertHeaders(HttpResponse<?> answer, String type) {
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith(type)
			.doesNotContainIgnoringCase("8859");
		assertThat(answer.headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
	}

}

package dev.realtime.spring.guide;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** The guide's application with a login by form and a session. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CookieSecurityIT {

	private final CookieManager cookies = new CookieManager();

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.cookieHandler(this.cookies)
		.build();

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(Node.class)
		.properties("server.port=0", "realtime.broker=memory", "spring.security.user.name=ann",
				"spring.security.user.password=secret", "realtime.drain.spread=0s",
				"spring.main.register-shutdown-hook=false")
		.run();

	private final int port = Integer
		.parseInt(Objects.requireNonNull(this.node.getEnvironment().getProperty("local.server.port")));

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aPageConnectsWithItsCookieAndTheTokenAlone() throws Exception {
		assertThatThrownBy(() -> GuideClient.open(this.port, Map.of())).isNotNull();
		ask("POST", "/login?username=ann&password=secret&_csrf=" + csrf(), 302);
		String token = csrf();
		try (GuideClient forged = GuideClient.open(this.port, Map.of("Cookie", cookie()))) {
			forged.ask("CONNECT\naccept-version:1.2\nhost:localhost\n\n", "ERROR");
		}
		try (GuideClient ann = GuideClient.open(this.port, Map.of("Cookie", cookie()))) {
			ann.ask("CONNECT\naccept-version:1.2\nhost:localhost\nX-CSRF-TOKEN:" + token + "\n\n", "user-name:ann");
			ann.ask("SUBSCRIBE\nid:s\ndestination:/topic/news\nreceipt:live\n\n", "receipt-id:live");
		}
		ask("GET", "/realtime/topics/news/messages", 200);
		ask("GET", "/realtime/topics/other/messages", 403);
		ask("POST", "/realtime/send?destination=/app/x", 403);
	}

	private String csrf() throws IOException, InterruptedException {
		Map<String, Object> token = JsonParserFactory.getJsonParser().parseMap(ask("GET", "/csrf", 200));
		assertThat(token).containsEntry("headerName", "X-CSRF-TOKEN");
		return String.valueOf(token.get("token"));
	}

	private String ask(String method, String path, int status) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.method(method, HttpRequest.BodyPublishers.noBody())
			.build();
		HttpResponse<String> answer = this.http.send(request, HttpResponse.BodyHandlers.ofString());
		assertThat(answer.statusCode()).as(path).isEqualTo(status);
		return answer.body();
	}

	private String cookie() {
		return this.cookies.getCookieStore()
			.getCookies()
			.stream()
			.map((cookie) -> cookie.getName() + '=' + cookie.getValue())
			.collect(Collectors.joining("; "));
	}

	/** The application. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ CookieSecurity.class, CookieSecurity.Csrf.class })
	static class Node {

	}

}

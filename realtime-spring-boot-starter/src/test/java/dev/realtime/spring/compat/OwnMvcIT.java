package dev.realtime.spring.compat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.testing.RedisServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.method.HandlerTypePredicate;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.PathMatchConfigurer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that has made Spring MVC its own: converters that come first, an advice
 * of all bodies, a prefix before all controllers, static files elsewhere, ETags, a filter
 * that lets no second dispatch pass, and interceptors that refuse.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnMvcIT {

	private static final HttpClient HTTP = HttpClient.newHttpClient();

	private static final String MESSAGES = "/realtime/topics/room.42/messages";

	/** Answers later than on the request's own thread. */
	private final RedisServer redis = RedisServer.start();

	private final ConfigurableApplicationContext node = PlainNode.start(List.of("realtime.broker=redis",
			"spring.data.redis.url=" + this.redis.uri(), "realtime.topics.rooms.pattern=room.*",
			"realtime.topics.rooms.presence=true", "spring.mvc.static-path-pattern=/files/**"), OwnMvc.class);

	@BeforeAll
	void publish() {
		this.node.getBean(RealtimePublisher.class)
			.publishAndWait(Publication.of(Topic.of("room.42"), Content.json("{\"n\":1}")));
	}

	@AfterAll
	void stop() {
		this.node.close();
		this.redis.close();
	}

	@Test
	void theApplicationsOwnDocumentsAreMadeItsOwnWay() throws Exception {
		assertThat(get("/api/hello").body()).isEqualTo(Base64.getEncoder().encodeToString(bytes("seen: hello")));
	}

	@ParameterizedTest
	@ValueSource(strings = { MESSAGES, "/realtime/topics/messages?topic=room.42", "/realtime/topics/room.42/presence" })
	void rule11_documentsAreAsTheProtocolHasThem(String path) throws Exception {
		HttpResponse<String> answer = get(path);

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
		assertThat(answer.body()).startsWith("{\"topic\":\"room.42\"");
	}

	@Test
	void rule11_theHeadOfADocumentHasItsLength() throws Exception {
		HttpResponse<Void> answer = HTTP.send(to(MESSAGES).method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
				HttpResponse.BodyHandlers.discarding());

		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValueAsLong("Content-Length").orElse(0)).isGreaterThan(10);
	}

	@Test
	void rule11_aQueryIsReadAndAnswered() throws Exception {
		HttpResponse<String> answer = HTTP
			.send(to("/realtime/presence/query").header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString("{\"topic\":\"room.42\",\"users\":[\"ada\"]}"))
				.build(), HttpResponse.BodyHandlers.ofString());

		assertThat(answer.body()).isEqualTo("{\"topic\":\"room.42\",\"present\":[]}");
	}

	@Test
	void rule11_theScriptOfTheClientIsFound() throws Exception {
		HttpResponse<String> answer = get("/realtime/realtime-client.js");

		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/javascript");
		assertThat(answer.body()).contains("export");
	}

	@Test
	void rule11_aStreamIsNotKeptForAnEtag() throws Exception {
		HttpRequest request = to("/realtime/sse?topic=room.42").build();
		HttpResponse<InputStream> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
		try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
			assertThat(answer.statusCode()).isEqualTo(200);
			assertThat(lines.readLine()).isNotNull();
		}
	}

	@Test
	void rule11_aPollHasABody() throws Exception {
		HttpResponse<String> answer = get("/realtime/poll?topic=room.42");

		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
		assertThat(answer.body()).isNotEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { MESSAGES, "/realtime/topics/room.42/presence", "/realtime/sse?topic=room.42",
			"/realtime/poll?topic=room.42", "/realtime/unread?topic=room.42" })
	void rule10_anInterceptorThatRefusesRefusesHereToo(String path) throws Exception {
		HttpResponse<String> answer = HTTP.send(to(path).header("X-Stranger", "yes").build(),
				HttpResponse.BodyHandlers.ofString());

		assertThat(answer.statusCode()).isEqualTo(401);
		assertThat(answer.body()).doesNotContain("room.42");
	}

	@Test
	void rule10_anInterceptorThatRefusesLetsNothingBeSent() throws Exception {
		HttpResponse<String> answer = HTTP.send(to("/realtime/send").header("X-Stranger", "yes")
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("{}"))
			.build(), HttpResponse.BodyHandlers.ofString());

		assertThat(answer.statusCode()).isEqualTo(401);
	}

	@Test
	void otherMethodsAreRefusedWithThoseThatAreAnswered() throws Exception {
		HttpResponse<String> answer = HTTP.send(to(MESSAGES).DELETE().build(), HttpResponse.BodyHandlers.ofString());

		assertThat(answer.statusCode()).isEqualTo(405);
		assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
	}

	private HttpResponse<String> get(String path) throws IOException, InterruptedException {
		return HTTP.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
	}

	private HttpRequest.Builder to(String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + ExistingApplication.webPort(this.node) + path));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMvc implements WebMvcConfigurer {

		@Bean
		Hello hello() {
			return new Hello();
		}

		@Bean
		Seen seen() {
			return new Seen();
		}

		@Bean
		FilterRegistrationBean<ShallowEtagHeaderFilter> etags() {
			return new FilterRegistrationBean<>(new ShallowEtagHeaderFilter());
		}

		/** As filters do that set a security context for the first dispatch only. */
		@Bean
		FilterRegistrationBean<Filter> noSecondDispatch() {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>((request, response, chain) -> {
				if (request.getDispatcherType() == DispatcherType.ASYNC) {
					((HttpServletResponse) response).sendError(403);
				}
				else {
					chain.doFilter(request, response);
				}
			});
			registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
			registration.setAsyncSupported(true);
			return registration;
		}

		@Override
		public void extendMessageConverters(List<HttpMessageConverter<?>> converters) {
			converters.add(0, new Encoded());
		}

		@Override
		public void configurePathMatch(PathMatchConfigurer paths) {
			paths.addPathPrefix("/api", HandlerTypePredicate.forAnnotation(RestController.class));
		}

		@Override
		public void addInterceptors(InterceptorRegistry registry) {
			registry.addInterceptor(new HandlerInterceptor() {

				@Override
				public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
					if (request.getHeader("X-Stranger") != null) {
						response.setStatus(401);
						return false;
					}
					return true;
				}

			}).addPathPatterns("/**");
		}

	}

	/** A controller of the application. */
	@RestController
	static class Hello {

		@GetMapping("/hello")
		String hello() {
			return "hello";
		}

	}

	/** Marks all bodies of texts. */
	@RestControllerAdvice
	static class Seen implements ResponseBodyAdvice<Object> {

		final List<Object> bodies = new CopyOnWriteArrayList<>();

		@Override
		public boolean supports(MethodParameter returned, Class<? extends HttpMessageConverter<?>> converter) {
			return true;
		}

		@Override
		public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter returned, MediaType type,
				Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
				ServerHttpResponse response) {
			this.bodies.add(Objects.requireNonNullElse(body, "nothing"));
			return (body instanceof String text) ? "seen: " + text : body;
		}

	}

	/** Takes everything and writes it in base64. */
	static class Encoded extends AbstractHttpMessageConverter<Object> {

		Encoded() {
			super(MediaType.ALL);
		}

		@Override
		protected boolean supports(Class<?> type) {
			return true;
		}

		@Override
		protected Object readInternal(Class<?> type, HttpInputMessage message) {
			throw new IllegalStateException("Not read here");
		}

		@Override
		protected void writeInternal(Object body, HttpOutputMessage message) throws IOException {
			byte[] bytes = (body instanceof byte[] given) ? given : bytes(body.toString());
			message.getBody().write(Base64.getEncoder().encode(bytes));
		}

	}

}

package dev.realtime.spring.journey;

import java.io.IOException;
import java.net.http.HttpResponse;

import jakarta.servlet.Filter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies of requests in the servlet container, where filters stand before them. */
class RequestBodiesIT extends RequestBodiesContract {

	private static final String QUERY = "/realtime/presence/query";

	RequestBodiesIT() {
		super(new SpringApplicationBuilder(Filtered.class)
			.properties(properties("server.port=0", "spring.main.banner-mode=off",
					"spring.main.register-shutdown-hook=false", "realtime.broker=memory",
					"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.presence=true",
					"realtime.topics.rooms.client-publish=true", "realtime.drain.spread=0s"))
			.run());
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/plain", "application/json" })
	void aBodyThatAFilterHasReadIsNotTakenForAnEmptyOne(String type) {
		HttpResponse<String> answer = Polls.send(this.port, "destination=/topic/room.read&id=a1", "hi", "Content-Type",
				type, "X-Read", "yes");
		assertThat(answer.statusCode()).isEqualTo(400);
		assertThat(answer.body()).contains("was read before").contains("filter");
		assertThat(Polls
			.send(this.port, "destination=/topic/room.read&id=" + type.replace("/", "-"), "hi", "Content-Type", type)
			.statusCode()).isEqualTo(200);
	}

	@ParameterizedTest
	@ValueSource(strings = { QUERY, "/realtime/topics/room.42/read" })
	void rule8_aDocumentThatIsTooLargeIsRefusedBeforeItIsSent(String path) throws IOException {
		String answer = answer(post(path, "Content-Type: application/json", "Content-Length: 36000000"));
		// Only nodes with a database know what is read.
		assertThat(answer).startsWith(path.equals(QUERY) ? "HTTP/1.1 413 " : "HTTP/1.1 401 ")
			.contains("application/problem+json");
	}

	@Test
	void rule8_aDocumentOfUnknownLengthIsReadUpToItsBound() throws IOException {
		String request = post(QUERY, "Content-Type: application/json", "Transfer-Encoding: chunked") + "40001\r\n"
				+ "[".repeat(262_145) + "\r\n";
		assertThat(answer(request)).startsWith("HTTP/1.1 413 ").contains("A body has at most 262144 bytes");
	}

	@Test
	void rule8_nestedArraysAreRefused() {
		String deep = "{\"topic\":\"room.42\",\"users\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
		String wide = "{\"topic\":\"room.42\",\"users\":[" + "[],".repeat(80_000) + "[]]}";
		for (String body : new String[] { deep, wide }) {
			assertThat(Polls.ask(this.port, "POST", QUERY, body, "Content-Type", "application/json").statusCode())
				.isEqualTo(400);
		}
	}

	/** A node with a filter that reads bodies, as one does that logs them. */
	@Configuration(proxyBeanMethods = false)
	@Import(StreamNode.class)
	static class Filtered {

		@Bean
		Filter reader() {
			return (request, response, chain) -> {
				if (((jakarta.servlet.http.HttpServletRequest) request).getHeader("X-Read") != null) {
					request.getInputStream().readAllBytes();
				}
				chain.doFilter(request, response);
			};
		}

	}

}

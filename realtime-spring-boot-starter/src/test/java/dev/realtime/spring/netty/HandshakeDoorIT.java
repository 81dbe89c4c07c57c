package dev.realtime.spring.netty;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.Filter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;

/** Handshakes on the servlet port of addresses that get no further connection. */
class HandshakeDoorIT {

	@ParameterizedTest
	@ValueSource(strings = { "native", "framework" })
	void rule8_aRefusedHandshakeCostsTheApplicationsFiltersNothing(String forwardHeaders) throws IOException {
		try (ConfigurableApplicationContext node = start("server.forward-headers-strategy=" + forwardHeaders)) {
			int port = node.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			AtomicInteger seen = node.getBean(AtomicInteger.class);
			try (RawClient one = shaken(port, "/realtime", "192.0.2.9");
					RawClient two = shaken(port, "/realtime", "192.0.2.9")) {
				assertThat(one.introduce()).isNotNull();
				assertThat(two.introduce()).isNotNull();
				assertThat(seen).hasValue(2);
				assertThat(ask(port, "/realtime", "192.0.2.9")).startsWith("HTTP/1.1 429 ")
					.containsIgnoringCase("\r\nRetry-After: 2\r\n")
					.containsIgnoringCase("\r\nConnection: close\r\n")
					.endsWith("try again later\n");
				assertThat(seen).as("the filter has not seen it").hasValue(2);
				assertThat(ask(port, "/other", "192.0.2.9")).startsWith("HTTP/1.1 404 ");
				assertThat(seen).as("other paths are the application's").hasValue(3);
				shaken(port, "/realtime", "192.0.2.10").close();
				assertThat(seen).hasValue(4);
			}
		}
	}

	private static RawClient shaken(int port, String path, String address) throws IOException {
		RawClient client = RawClient.dial(port).send(ClientFrame.utf8(request(path, address)));
		assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
		return client;
	}

	private static String ask(int port, String path, String address) throws IOException {
		try (RawClient client = RawClient.dial(port)) {
			return client
				.send(ClientFrame.utf8(request(path, address).replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")))
				.readToEnd();
		}
	}

	private static String request(String path, String address) {
		return RawClient.handshake("X-Forwarded-For: " + address + "\r\n")
			.replace("GET /realtime ", "GET " + path + ' ');
	}

	private static ConfigurableApplicationContext start(String... properties) {
		return new SpringApplicationBuilder(ListeningNode.class, Filtered.class).bannerMode(Banner.Mode.OFF)
			.properties("server.port=0", "realtime.security.anonymous=true", "realtime.broker=memory",
					"realtime.drain.spread=0s", "realtime.limits.connections-per-address=2")
			.properties(properties)
			.run();
	}

	static class Filtered {

		@Bean
		AtomicInteger seen() {
			return new AtomicInteger();
		}

		/** Comes first among the application's. */
		@Bean
		FilterRegistrationBean<Filter> counting(AtomicInteger seen) {
			FilterRegistrationBean<Filter> counting = new FilterRegistrationBean<>((request, response, chain) -> {
				seen.incrementAndGet();
				chain.doFilter(request, response);
			});
			counting.setOrder(Ordered.HIGHEST_PRECEDENCE + 10);
			return counting;
		}

	}

}

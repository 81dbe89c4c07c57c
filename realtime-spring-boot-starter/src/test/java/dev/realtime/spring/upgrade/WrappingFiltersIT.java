package dev.realtime.spring.upgrade;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import io.micrometer.observation.ObservationRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.springframework.web.filter.CharacterEncodingFilter;
import org.springframework.web.filter.CompositeFilter;
import org.springframework.web.filter.FormContentFilter;
import org.springframework.web.filter.ForwardedHeaderFilter;
import org.springframework.web.filter.HiddenHttpMethodFilter;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.filter.ShallowEtagHeaderFilter;
import org.springframework.web.util.ContentCachingRequestWrapper;
import org.springframework.web.util.ContentCachingResponseWrapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Filters in front of a handshake whose socket is taken over. */
@Timeout(60)
class WrappingFiltersIT {

	/**
	 * All of them at once, each around the next; the node has no other path than ours.
	 */
	@Test
	void rule11_springsOwnFiltersDoNotBreakAHandshake() {
		try (UpgradeNode node = new UpgradeNode(Filtered.class)) {
			UpgradeNode.Client client = node.subscribed("filtered");
			node.deliver("filtered", client);
			node.send(client);
			client.socket().abort();
		}
	}

	/** Neither can Tomcat's own WebSocket open behind such a filter. */
	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void aRequestThatAFilterHidesIsRefusedAndTheLogSaysSoOnce(CapturedOutput output) {
		try (UpgradeNode node = new UpgradeNode(Hidden.class, "realtime.servlet.transport=auto",
				"logging.level.dev.realtime.spring.upgrade=info")) {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> open(node.port()))
					.havingCause()
					.isInstanceOfSatisfying(WebSocketHandshakeException.class,
							(ex) -> assertThat(ex.getResponse().statusCode()).isEqualTo(500));
			}
			assertThat(output.toString().split("WebSockets are handled by the servlet container", -1)).hasSize(2);
		}
	}

	private static WebSocket open(int port) {
		return HttpClient.newHttpClient()
			.newWebSocketBuilder()
			.buildAsync(URI.create("ws://localhost:" + port + "/realtime"), new WebSocket.Listener() {
			})
			.join();
	}

	/** An application with Spring Security and Spring Session. */
	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Filtered {

		@Bean
		FilterRegistrationBean<Filter> wrapping() {
			CompositeFilter all = new CompositeFilter();
			all.setFilters(List.of(new ForwardedHeaderFilter(), new CharacterEncodingFilter("UTF-8", true, true),
					new SessionRepositoryFilter<>(new MapSessionRepository(new ConcurrentHashMap<>())),
					new ServerHttpObservationFilter(ObservationRegistry.create()), new ShallowEtagHeaderFilter(),
					new ContentCaching(), new HiddenHttpMethodFilter(), new FormContentFilter(),
					new RequestContextFilter()));
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(all);
			// Outside of Spring Security's, whose wrappers come after them.
			registration.setOrder(-1_000);
			return registration;
		}

		@Bean
		SecurityFilterChain chain(HttpSecurity http) throws Exception {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll()).build();
		}

	}

	/** An application whose filter passes on what is no wrapper. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	static class Hidden {

		@Bean
		Filter hiding() {
			return (request, response, chain) -> chain
				.doFilter((HttpServletRequest) Proxy.newProxyInstance(Hidden.class.getClassLoader(),
						new Class<?>[] { HttpServletRequest.class }, (proxy, method, arguments) -> {
							if (method.getName().equals("upgrade")) {
								throw new UnsupportedOperationException("Hidden");
							}
							try {
								return method.invoke(request, arguments);
							}
							catch (InvocationTargetException ex) {
								throw ex.getTargetException();
							}
						}), response);
		}

	}

	static final class ContentCaching extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			ContentCachingResponseWrapper caching = new ContentCachingResponseWrapper(response);
			chain.doFilter(new Caching(request), caching);
			caching.copyBodyToResponse();
		}

	}

	/** Spring 6 and 7 have one constructor in common. */
	static final class Caching extends ContentCachingRequestWrapper {

		Caching(HttpServletRequest request) {
			super(request, 1_024);
		}

	}

}

package dev.realtime.test;

import java.net.URI;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.servlet.ServletContext;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.web.context.WebApplicationContext;

/**
 * How a client connects.
 *
 * @param application where it connects to
 * @param port where its WebSocket is; null for the one that the application has
 * @param handshake headers of the handshake
 * @param connect headers of CONNECT
 * @param patience how long is waited for what may not come
 */
record ClientSettings(ApplicationContext application, @Nullable Integer port, Map<String, List<String>> handshake,
		Map<String, String> connect, Duration patience) {

	static final Duration PATIENCE = Duration.ofSeconds(10);

	static ClientSettings of(ApplicationContext application) {
		return new ClientSettings(application, null, Map.of(),
				Map.of("accept-version", "1.2", "host", "localhost", "realtime", "1"), PATIENCE);
	}

	/** How long is waited for an answer of the server, which comes soon or never. */
	Duration answerPatience() {
		return (this.patience.compareTo(PATIENCE) > 0) ? this.patience : PATIENCE;
	}

	/** The endpoint of the running application. */
	URI uri() {
		Environment environment = this.application.getEnvironment();
		ServletContext servlets = (this.application instanceof WebApplicationContext web) ? web.getServletContext()
				: null;
		String context = (servlets != null) ? servlets.getContextPath() : "";
		String servlet = environment.getProperty("spring.mvc.servlet.path", "/");
		String prefix = servlet.endsWith("/") ? servlet.substring(0, servlet.length() - 1) : servlet;
		String path = (prefix.isEmpty() || prefix.startsWith("/")) ? prefix : '/' + prefix;
		return URI.create("ws://localhost:" + ((this.port != null) ? this.port : port(environment)) + context + path
				+ environment.getProperty("realtime.endpoint", "/realtime"));
	}

	/** That of the Netty listener where there is one, as for the service's clients. */
	private static int port(Environment environment) {
		Integer port = environment.getProperty("local.realtime.netty.port", Integer.class);
		if (port == null) {
			port = environment.getProperty("local.server.port", Integer.class);
		}
		if (port == null) {
			throw new IllegalStateException("The application listens on no port: test it with @RealtimeTest, or with "
					+ "@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)");
		}
		return port;
	}

	ClientSettings withApplication(ApplicationContext other) {
		return new ClientSettings(other, null, this.handshake, this.connect, this.patience);
	}

	ClientSettings withPort(int other) {
		return new ClientSettings(this.application, other, this.handshake, this.connect, this.patience);
	}

	ClientSettings withPatience(Duration other) {
		return new ClientSettings(this.application, this.port, this.handshake, this.connect, other);
	}

	ClientSettings withHandshakeHeader(String name, String value) {
		Map<String, List<String>> all = new LinkedHashMap<>(this.handshake);
		all.merge(name, List.of(value), (before, more) -> {
			List<String> both = new ArrayList<>(before);
			both.addAll(more);
			return List.copyOf(both);
		});
		return new ClientSettings(this.application, this.port, Collections.unmodifiableMap(all), this.connect,
				this.patience);
	}

	ClientSettings withCookie(String name, String value) {
		Map<String, List<String>> all = new LinkedHashMap<>(this.handshake);
		all.merge("Cookie", List.of(name + '=' + value), (before, more) -> List.of(before.get(0) + "; " + more.get(0)));
		return new ClientSettings(this.application, this.port, Collections.unmodifiableMap(all), this.connect,
				this.patience);
	}

	ClientSettings withConnectHeader(String name, String value) {
		Map<String, String> all = new LinkedHashMap<>(this.connect);
		all.put(name, value);
		return new ClientSettings(this.application, this.port, this.handshake, Collections.unmodifiableMap(all),
				this.patience);
	}

	ClientSettings as(Principal user) {
		TestUsers users = this.application.getBeanProvider(TestUsers.class).getIfAvailable(() -> {
			throw new IllegalStateException("The application does not accept the users of tests: test it with "
					+ "@RealtimeTest, or start it with the initializer RealtimeTestKit");
		});
		Map<String, List<String>> all = new LinkedHashMap<>(this.handshake);
		String word = users.add(user);
		all.put(TestUsers.HEADER, List.of(word));
		return new ClientSettings(this.application, this.port, Collections.unmodifiableMap(all), this.connect,
				this.patience)
			.withConnectHeader(TestUsers.HEADER, word);
	}

}

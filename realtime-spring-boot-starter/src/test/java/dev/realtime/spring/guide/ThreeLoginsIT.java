package dev.realtime.spring.guide;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.realtime.spring.testing.NodeScript;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/** People log in with a browser in the three ways of docs/security.md. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ThreeLoginsIT {

	private static final Path SCRIPTS = Path.of("../realtime-spring-boot-starter/src/test/js");

	private static final Path BROWSER = Path.of("../sample-chat-app/src/test/browser");

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(Node.class)
		.properties("server.port=0", "realtime.netty.port=0", "realtime.broker=memory",
				"realtime.allowed-origins=http://localhost:[*]", "realtime.security.tickets=true",
				"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.read=authenticated",
				"realtime.topics.rooms.publish=authenticated", "realtime.topics.rooms.client-publish=true",
				"realtime.drain.spread=0s", "spring.main.register-shutdown-hook=false")
		.run();

	private final String page = "http://localhost:" + port("local.server.port");

	@BeforeAll
	void installBrowser() throws Exception {
		assumeFalse(Boolean.getBoolean("browser.skip"), "-Dbrowser.skip=true");
		NodeScript.run(BROWSER, "install.mjs");
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@ParameterizedTest
	@CsvSource({ "cookie,local.server.port,ann", "ticket,local.server.port,ann", "ticket,local.realtime.netty.port,ann",
			"token,local.server.port,carl", "token,local.realtime.netty.port,carl" })
	void aPageIsItsUserAndNoAddressHasASecret(String way, String port, String user) throws Exception {
		List<String> output = NodeScript.run(SCRIPTS, "logins.mjs", this.page, way,
				"ws://localhost:" + port(port) + "/realtime", TokenNode.token("carl"));
		assertThat(output.get(output.size() - 1))
			.isEqualTo("{\"user\":\"" + user + "\",\"addresses\":[\"ws://localhost:" + port(port) + "/realtime\"]}");
	}

	@ParameterizedTest
	@CsvSource({ "local.server.port", "local.realtime.netty.port" })
	void rule10_aPageWithNoneOfThemIsRefused(String port) throws Exception {
		List<String> output = NodeScript.run(SCRIPTS, "logins.mjs", this.page, "none",
				"ws://localhost:" + port(port) + "/realtime", "");
		assertThat(output.get(output.size() - 1)).contains("{\"user\":\"refused: ", "known users");
	}

	@Test
	void thePagesOfTheGuideAreThePagesOfThisTest() throws IOException {
		String guide = Files.readString(Path.of("../docs/security.md"));
		String script = Files.readString(SCRIPTS.resolve("logins.html"));
		for (String line : List.of("= connect();", "const { headerName, token } = await (await fetch('/csrf')).json();",
				"connect({ url, httpBase: '/realtime', auth: 'ticket', connectHeaders: { [headerName]: token } })",
				"connect({ url, token: () => session.freshToken() })")) {
			assertThat(guide).contains(line);
			assertThat(script).contains(line.replace("= connect();", "=> connect(),"));
		}
	}

	private int port(String name) {
		return this.node.getEnvironment().getRequiredProperty(name, Integer.class);
	}

	/** The application of the guide, and its pages. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ ThreeLogins.class, ThreeLogins.Csrf.class, Pages.class })
	static class Node {

		/** Stands for the one that Boot makes of {@code issuer-uri}. */
		@Bean
		JwtDecoder jwtDecoder() {
			return new TokenNode().jwtDecoder();
		}

		/** Where there is a {@code JwtDecoder}, Boot makes no user of its own. */
		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(
					User.withUsername("ann").password("{noop}secret").authorities("USER").build());
		}

	}

	/** A page behind the login, and the same in public. */
	@RestController
	static class Pages {

		@GetMapping(path = { "/", "/public.html" }, produces = MediaType.TEXT_HTML_VALUE)
		String page() throws IOException {
			return Files.readString(SCRIPTS.resolve("logins.html"));
		}

	}

}

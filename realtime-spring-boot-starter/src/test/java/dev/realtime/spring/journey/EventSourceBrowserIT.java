package dev.realtime.spring.journey;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.drain.NodeDrain;
import dev.realtime.spring.testing.NodeScript;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.json.JsonParserFactory;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

/**
 * A browser's own {@code EventSource}, in Chromium, at a node out of service: it tries
 * again and goes on when it is let in.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EventSourceBrowserIT {

	private static final Path SCRIPTS = Path.of("../realtime-spring-boot-starter/src/test/js");

	private static final Path BROWSER = Path.of("../sample-chat-app/src/test/browser");

	@BeforeAll
	static void installBrowser() throws Exception {
		assumeFalse(Boolean.getBoolean("browser.skip"), "-Dbrowser.skip=true");
		NodeScript.run(BROWSER, "install.mjs");
	}

	@ParameterizedTest
	@ValueSource(strings = { "realtime.drain.delay=0s", ChatNode.ON_NETTY })
	void aNodeOutOfServiceIsNoEndForAnEventSource(String property) throws Exception {
		try (ConfigurableApplicationContext node = ChatNode.startAlone(property,
				"management.endpoints.web.exposure.include=realtimesessions")) {
			NodeDrain drain = node.getBean(NodeDrain.class);
			drain.drain("a test");
			await().until(() -> drain.state() == NodeDrain.State.DRAINED);
			List<String> output = NodeScript.run(SCRIPTS, "event-source.mjs", "http://localhost:" + ChatNode.port(node),
					"http://localhost:" + ChatNode.webPort(node) + "/actuator/realtimesessions/resume",
					node.getBean(RealtimeNode.class).id());
			assertThat(JsonParserFactory.getJsonParser().parseMap(output.get(output.size() - 1)))
				.containsEntry("codes", List.of(1012))
				.containsEntry("givenUp", false)
				.containsEntry("resumed", 200)
				.containsEntry("subscribed", 1)
				.containsEntry("sent", 200)
				.containsEntry("messages", List.of("hello"));
		}
	}

}

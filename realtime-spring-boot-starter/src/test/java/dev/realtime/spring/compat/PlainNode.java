package dev.realtime.spring.compat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.client.WebSocketClient;
import org.springframework.web.socket.client.standard.StandardWebSocketClient;

/**
 * A node with nothing but the starter and a controller, for clients that know nothing of
 * us.
 */
@SpringBootConfiguration
@AutoConfigurationWithoutSecurity
@Import(PlainNode.Talk.class)
class PlainNode {

	static final WebSocketClient SOCKETS = new StandardWebSocketClient();

	static ConfigurableApplicationContext start(Class<?>... more) {
		return start(List.of(), more);
	}

	static ConfigurableApplicationContext start(List<String> properties, Class<?>... more) {
		List<Class<?>> sources = new ArrayList<>(List.of(PlainNode.class));
		sources.addAll(Arrays.asList(more));
		List<String> all = new ArrayList<>(List.of("server.port=0", "realtime.broker=memory",
				"realtime.heartbeat.min=1s", "realtime.security.anonymous=true", "realtime.drain.spread=0s",
				"spring.main.register-shutdown-hook=false"));
		all.addAll(properties);
		return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	static String url(ConfigurableApplicationContext node) {
		return "ws://localhost:" + ExistingApplication.port(node) + "/realtime";
	}

	/** What clients talk to. */
	@Controller
	static class Talk {

		private final SimpMessagingTemplate template;

		Talk(SimpMessagingTemplate template) {
			this.template = template;
		}

		@MessageMapping("/echo")
		String echo(String text) {
			return text;
		}

		@MessageMapping("/burst")
		void burst(String count) {
			int messages = Integer.parseInt(count);
			for (int i = 1; i <= messages; i++) {
				this.template.convertAndSend("/topic/burst", "message " + i);
			}
		}

		@SubscribeMapping("/ready")
		String ready() {
			return "ready";
		}

	}

}

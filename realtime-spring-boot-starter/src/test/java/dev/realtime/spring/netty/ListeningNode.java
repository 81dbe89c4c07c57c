package dev.realtime.spring.netty;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.realtime.hub.HubStats;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.stereotype.Controller;

/** A node whose clients are on the Netty listener. */
@SpringBootConfiguration
@AutoConfigurationWithoutSecurity
@Import(ListeningNode.Talk.class)
class ListeningNode {

	static ConfigurableApplicationContext start(String... properties) {
		List<String> all = new CopyOnWriteArrayList<>(
				List.of("server.port=0", "realtime.netty.port=0", "realtime.netty.threads=2",
						"realtime.security.anonymous=true", "realtime.broker=memory", "realtime.drain.spread=0s"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(ListeningNode.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	static int port(ConfigurableApplicationContext node) {
		return node.getEnvironment().getRequiredProperty(RealtimeNettyAutoConfiguration.LOCAL_PORT, Integer.class);
	}

	static HubStats stats(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeNode.class).hub().stats();
	}

	static void publish(ConfigurableApplicationContext node, String topic, String text) {
		node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/" + topic, text);
	}

	/** What clients talk to. */
	@Controller
	static class Talk {

		/** What {@code /app/hold} got, each when it was handled. */
		final List<String> held = new CopyOnWriteArrayList<>();

		/** Opened by a test to let {@code /app/hold} go on. */
		final CountDownLatch gate = new CountDownLatch(1);

		@MessageMapping("/echo")
		String echo(String text) {
			return text;
		}

		@MessageMapping("/hold")
		void hold(String text) throws InterruptedException {
			if (this.gate.await(30, TimeUnit.SECONDS)) {
				this.held.add(text.substring(0, text.indexOf(' ')));
			}
		}

	}

}

package dev.realtime.spring.guide;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The example of {@code docs/beans.md}: who is not connected gets a push. */
class WebPushIT {

	@Test
	void aNoticeToAUserWhoIsNotConnectedIsPushed() {
		try (ConfigurableApplicationContext node = new SpringApplicationBuilder(Node.class)
			.properties("server.port=0", "realtime.broker=memory", "realtime.security.anonymous=true",
					"realtime.drain.spread=0s", "spring.main.register-shutdown-hook=false")
			.run()) {
			SimpMessagingTemplate template = node.getBean(SimpMessagingTemplate.class);
			template.convertAndSendToUser("ann", "/queue/other", "not for a phone");
			template.convertAndSendToUser("ann", "/queue/notices", "paid");
			List<String> pushed = node.getBean(Node.class).pushed;
			await().atMost(Duration.ofSeconds(20)).until(() -> !pushed.isEmpty());
			assertThat(pushed).containsExactly("ann: paid");
		}
	}

	/** The application of the example. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	@Import(WebPush.class)
	static class Node {

		private final List<String> pushed = new CopyOnWriteArrayList<>();

		@Bean
		PushService pushService() {
			return (user, payload) -> this.pushed.add(user + ": " + payload);
		}

	}

}

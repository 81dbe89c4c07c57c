package dev.realtime.spring.journey;

import java.util.List;

import dev.realtime.RealtimePublisher;
import org.junit.jupiter.api.Test;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/** Applications whose contexts are not the usual one. */
class KindsOfContextIT {

	private static final String[] PROPERTIES = { "server.port=0", "realtime.broker=memory", "realtime.drain.spread=0s",
			"spring.main.register-shutdown-hook=false" };

	@Test
	void rule11_beansMayBeMadeWhenTheyAreFirstNeeded() {
		try (ConfigurableApplicationContext node = ChatNode.startAlone("spring.main.lazy-initialization=true")) {
			works(node);
		}
	}

	@Test
	void rule11_theNettyListenerStartsInALazyContextToo() {
		try (ConfigurableApplicationContext node = ChatNode.startAlone("spring.main.lazy-initialization=true",
				ChatNode.ON_NETTY)) {
			works(node);
		}
	}

	@Test
	void rule11_theNodeMayLiveInTheChildOfAnotherContext() {
		try (ConfigurableApplicationContext parent = new SpringApplicationBuilder(Parent.class)
			.web(WebApplicationType.NONE)
			.bannerMode(Banner.Mode.OFF)
			.run();
				ConfigurableApplicationContext node = new SpringApplicationBuilder(ChatNode.class).parent(parent)
					.bannerMode(Banner.Mode.OFF)
					.properties(PROPERTIES)
					.run()) {
			assertThat(node.getBean("greeting")).isEqualTo("hello");
			works(node);
		}
	}

	@Test
	void rule11_theNodeMayLiveInTheParentOfAnotherContext() {
		try (ConfigurableApplicationContext node = new SpringApplicationBuilder(ChatNode.class)
			.bannerMode(Banner.Mode.OFF)
			.properties(PROPERTIES)
			.run();
				ConfigurableApplicationContext child = new SpringApplicationBuilder(Parent.class).parent(node)
					.web(WebApplicationType.NONE)
					.bannerMode(Banner.Mode.OFF)
					.run()) {
			assertThat(child.getBean(RealtimePublisher.class)).isSameAs(node.getBean(RealtimePublisher.class));
			works(node);
		}
	}

	@Test
	void rule11_oneProcessMayHaveSeveralNodes() {
		try (ConfigurableApplicationContext two = ChatNode.startAlone()) {
			try (ConfigurableApplicationContext one = ChatNode.startAlone()) {
				works(one);
				works(two);
			}
			works(two);
		}
	}

	private static void works(ConfigurableApplicationContext node) {
		try (StompTestClient client = StompTestClient.connect(ChatNode.port(node), "ann")) {
			client.subscribe("s", "/topic/room.kinds");
			node.getBean(SimpMessagingTemplate.class).convertAndSend("/topic/room.kinds", "hello");
			StompFrame message = client.await("the message", StompFrame::isMessage);
			assertThat(List.of(message.body())).containsAnyOf("hello", "\"hello\"");
		}
	}

	/** A context without a web server and without the starter. */
	@SpringBootConfiguration
	static class Parent {

		@Bean
		String greeting() {
			return "hello";
		}

	}

}

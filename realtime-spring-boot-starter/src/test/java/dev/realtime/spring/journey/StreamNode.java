package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.annotation.SubscribeMapping;
import org.springframework.stereotype.Controller;

/** A chat node with application code that clients can send to. */
@Configuration(proxyBeanMethods = false)
@Import({ ChatNode.class, StreamNode.Talk.class })
class StreamNode {

	static ConfigurableApplicationContext start(int redisPort, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("server.port=0", "spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redisPort,
						"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.presence=true",
						"realtime.topics.rooms.client-publish=true", "realtime.publish.client-headers=lang",
						"realtime.drain.spread=0s", "management.health.redis.enabled=false",
						"realtime.security.anonymous=true", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(StreamNode.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	/** A node that needs no Redis. */
	static ConfigurableApplicationContext startAlone(String... properties) {
		List<String> all = new ArrayList<>(List.of("realtime.broker=memory"));
		all.addAll(List.of(properties));
		return start(1, all.toArray(String[]::new));
	}

	static PublishReceipt publish(ConfigurableApplicationContext node, String topic, Content content) {
		return node.getBean(RealtimePublisher.class).publishAndWait(Publication.of(Topic.of(topic), content));
	}

	/** What clients talk to. */
	@Controller
	static class Talk {

		final List<String> said = new CopyOnWriteArrayList<>();

		@MessageMapping("/say")
		void say(String text) {
			this.said.add(text);
		}

		@SubscribeMapping("/ready")
		String ready() {
			return "ready";
		}

	}

}

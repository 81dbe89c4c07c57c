package dev.realtime.spring.asyncapi.app;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** A chat, as one writes it with the starter. */
@SpringBootConfiguration
@AutoConfigurationWithoutSecurity
@Import(RoomController.class)
public class ChatApplication {

	/** Starts it, with more beans and properties. */
	public static ConfigurableApplicationContext start(List<Class<?>> more, String... properties) {
		List<Class<?>> sources = new ArrayList<>(List.of(ChatApplication.class));
		sources.addAll(more);
		List<String> all = new ArrayList<>(List.of("server.port=0", "spring.application.name=chat",
				"realtime.broker=memory", "realtime.drain.spread=0s", "realtime.topics.rooms.pattern=room.*",
				"realtime.topics.rooms.history-size=50", "realtime.topics.rooms.client-publish=true",
				"realtime.security.anonymous=true", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@Bean
	Moderation moderation() {
		return new Moderation();
	}

}

package dev.realtime.spring.journey;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;

/**
 * A node that is a resource server: it checks JWTs in CONNECT and in requests, and has no
 * message rules.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
class GrantsNode {

	static ConfigurableApplicationContext start(String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "realtime.broker=memory",
				"realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.presence=true",
				"realtime.topics.rooms.client-publish=true", "realtime.topic-defaults.read=authenticated",
				"realtime.presence.grace=0s", "realtime.drain.spread=0s", "spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(GrantsNode.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@Bean
	JwtDecoder jwtDecoder() {
		return TokenNode.TOKENS.decoder();
	}

	@Bean
	SecurityFilterChain http(HttpSecurity http) throws Exception {
		return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.oauth2ResourceServer((server) -> server.jwt(Customizer.withDefaults()))
			.csrf(AbstractHttpConfigurer::disable)
			.build();
	}

}

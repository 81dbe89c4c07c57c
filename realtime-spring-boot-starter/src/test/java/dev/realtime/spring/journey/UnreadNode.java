package dev.realtime.spring.journey;

import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.spring.security.TopicAccess;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Controller;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A node with its log in a database, where a header of HTTP requests names the user, and
 * topics that begin with a user's name and a dash are for that user.
 */
@Configuration
class UnreadNode {

	/** Topics that are not for anyone any more. */
	static final Set<String> CLOSED = ConcurrentHashMap.newKeySet();

	/** Names the user of a request. */
	static final String USER = "X-User";

	static ConfigurableApplicationContext start(int redisPort, String databaseUrl, String... properties) {
		List<String> all = new ArrayList<>(List.of("realtime.log=jdbc", "realtime.jdbc.initialize-schema=always",
				"spring.datasource.url=" + databaseUrl, "server.port=0", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + redisPort, "realtime.topics.fleeting.pattern=fleeting.*",
				"realtime.topics.fleeting.durable=false", "realtime.topic-defaults.client-publish=true",
				"realtime.unread.push-interval=100ms", "realtime.drain.spread=0s",
				"management.health.redis.enabled=false", "realtime.security.anonymous=true",
				"spring.main.register-shutdown-hook=false"));
		all.addAll(List.of(properties));
		return new SpringApplicationBuilder(ChatNode.class, UnreadNode.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	@Bean
	TopicAccess topicAccess() {
		return (user, topic) -> {
			int dash = topic.name().indexOf('-');
			return !CLOSED.contains(topic.name()) && (topic.isReserved() || dash < 0
					|| (user != null && user.getName().equals(topic.name().substring(0, dash))));
		};
	}

	@Bean
	OncePerRequestFilter userFromHeader() {
		return new OncePerRequestFilter() {

			@Override
			protected boolean shouldNotFilterAsyncDispatch() {
				return false;
			}

			@Override
			protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
					throws ServletException, IOException {
				chain.doFilter(new Named(request), response);
			}

		};
	}

	/** As in Spring's own guide. */
	@Controller
	static class Chat {

		@MessageMapping("/say")
		@SendTo("/topic/said")
		public String say(String text) {
			return text;
		}

	}

	private static final class Named extends HttpServletRequestWrapper {

		Named(HttpServletRequest request) {
			super(request);
		}

		@Override
		public @Nullable Principal getUserPrincipal() {
			String name = getHeader(USER);
			return (name != null) ? new ChatNode.Name(name) : null;
		}

	}

}

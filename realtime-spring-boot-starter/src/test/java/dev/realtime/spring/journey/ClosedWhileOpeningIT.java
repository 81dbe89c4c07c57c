package dev.realtime.spring.journey;

import java.security.Principal;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.realtime.connection.CloseReason;
import dev.realtime.hub.Hub;
import dev.realtime.node.RealtimeNode;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The node closes a connection of the container's while that is being opened. */
class ClosedWhileOpeningIT {

	/** What the name of the user does, once, when its connection is there. */
	private static final AtomicReference<@Nullable Runnable> WHILE_OPENING = new AtomicReference<>();

	@Test
	void rule8_itKeepsNoPlaceOfItsAddress() {
		try (ConfigurableApplicationContext node = ChatNode.startAlone("realtime.servlet.transport=standard",
				"realtime.limits.connections-per-address=1", "spring.main.sources=" + Names.class.getName())) {
			Hub hub = node.getBean(RealtimeNode.class).hub();
			AtomicInteger ended = new AtomicInteger();
			node.addApplicationListener(new SmartApplicationListener() {

				@Override
				public boolean supportsEventType(Class<? extends ApplicationEvent> type) {
					return SessionDisconnectEvent.class.isAssignableFrom(type);
				}

				@Override
				public void onApplicationEvent(ApplicationEvent event) {
					ended.incrementAndGet();
				}

			});
			WHILE_OPENING.set(() -> {
				hub.connections().forEach((connection) -> connection.close(CloseReason.RESTART));
				await().until(() -> ended.get() == 1);
			});
			Map<String, String> ann = Map.of("X-User", "ann");
			try (StompTestClient closed = StompTestClient.open(ChatNode.port(node), ann)) {
				await().untilAsserted(() -> assertThat(closed.closeCode).isEqualTo(1012));
			}
			assertThat(WHILE_OPENING).hasNullValue();
			await().until(() -> hub.connections().isEmpty());
			await().untilAsserted(() -> StompTestClient.open(ChatNode.port(node), ann).close());
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Names {

		@Bean
		Filter login(ObjectProvider<RealtimeNode> nodes) {
			return (request, response, chain) -> chain
				.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {

					@Override
					public @Nullable Principal getUserPrincipal() {
						String user = getHeader("X-User");
						return (user != null) ? () -> name(user, nodes.getObject().hub()) : null;
					}

				}, response);
		}

		private static String name(String user, Hub hub) {
			Runnable task = hub.connections().isEmpty() ? null : WHILE_OPENING.getAndSet(null);
			if (task != null) {
				task.run();
			}
			return user;
		}

	}

}

package dev.realtime.spring.netty;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.spring.testing.AutoConfigurationWithoutSecurity;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.messaging.simp.SimpMessagingTemplate;
import org.springframework.stereotype.Controller;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketTransportRegistration;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;

/** A node with the Netty listener, which remembers whom its sessions came from. */
final class EdgeNode implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	EdgeNode(String... properties) {
		List<String> all = new ArrayList<>(
				List.of("server.port=0", "realtime.netty.port=0", "realtime.shards=2", "realtime.netty.threads=2",
						"realtime.security.anonymous=true", "realtime.broker=memory", "realtime.drain.spread=0s",
						"management.health.redis.enabled=false", "spring.main.register-shutdown-hook=false"));
		Collections.addAll(all, properties);
		this.context = new SpringApplicationBuilder(Application.class).bannerMode(Banner.Mode.OFF)
			.properties(all.toArray(String[]::new))
			.run();
	}

	int port() {
		return this.context.getBean(NettyListener.class).port();
	}

	int servletPort() {
		return this.context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	List<String> addresses() {
		return this.context.getBean(Addresses.class).seen;
	}

	void publish(String destination, String text) {
		this.context.getBean(SimpMessagingTemplate.class).convertAndSend(destination, text);
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	@Override
	public void close() {
		this.context.close();
	}

	/** The application. */
	@SpringBootConfiguration
	@AutoConfigurationWithoutSecurity
	static class Application {

		@Bean
		Addresses addresses() {
			return new Addresses();
		}

		@Bean
		Calls calls() {
			return new Calls();
		}

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

		@Bean
		Echo echo() {
			return new Echo();
		}

		@Bean
		Held held() {
			return new Held();
		}

	}

	/** Says what it is told, on {@code /topic/echo}. */
	@Controller
	static class Echo {

		@MessageMapping("/echo")
		String echo(String text) {
			return text;
		}

	}

	/** Handles nothing that is sent to {@code /app/hold} before it is opened. */
	@Controller
	static class Held {

		final CountDownLatch gate = new CountDownLatch(1);

		final AtomicInteger begun = new AtomicInteger();

		/** The first words, in the order in which they were handled. */
		final List<String> words = new CopyOnWriteArrayList<>();

		@MessageMapping("/hold")
		void hold(String text) throws InterruptedException {
			this.begun.incrementAndGet();
			this.gate.await();
			this.words.add(text.substring(0, text.indexOf(' ')));
		}

	}

	/** Notes the address of each session. */
	static final class Addresses implements WebSocketMessageBrokerConfigurer {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		@Override
		public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
			registration.addDecoratorFactory((handler) -> new Noting(handler, this.seen));
		}

	}

	/** Notes on which threads the application is called, and fails when it is told to. */
	static final class Calls implements WebSocketMessageBrokerConfigurer {

		/** What was called, and the name of the thread. */
		final List<String> threads = new CopyOnWriteArrayList<>();

		@Override
		public void configureWebSocketTransport(WebSocketTransportRegistration registration) {
			registration.addDecoratorFactory(Watched::new);
		}

		private void note(String call) {
			this.threads.add(call + ' ' + Thread.currentThread().getName());
		}

		private final class Watched extends WebSocketHandlerDecorator {

			Watched(WebSocketHandler handler) {
				super(handler);
			}

			@Override
			public void afterConnectionEstablished(WebSocketSession session) throws Exception {
				note("established");
				super.afterConnectionEstablished(session);
			}

			@Override
			public void handleMessage(WebSocketSession session, WebSocketMessage<?> message) throws Exception {
				note("message");
				String text = String.valueOf(message.getPayload());
				if (text.contains("fail with an error")) {
					throw new StackOverflowError("on purpose");
				}
				if (text.contains("fail with an exception")) {
					throw new IllegalStateException("on purpose");
				}
				super.handleMessage(session, message);
			}

			@Override
			public void afterConnectionClosed(WebSocketSession session, CloseStatus status) throws Exception {
				note("closed");
				super.afterConnectionClosed(session, status);
			}

		}

	}

	private static final class Noting extends WebSocketHandlerDecorator {

		private final List<String> seen;

		Noting(WebSocketHandler handler, List<String> seen) {
			super(handler);
			this.seen = seen;
		}

		@Override
		public void afterConnectionEstablished(WebSocketSession session) throws Exception {
			InetSocketAddress address = Objects.requireNonNull(session.getRemoteAddress());
			this.seen.add(address.getAddress().getHostAddress() + ' ' + address.getPort());
			super.afterConnectionEstablished(session);
		}

	}

}

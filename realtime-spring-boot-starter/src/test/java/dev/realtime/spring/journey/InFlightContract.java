package dev.realtime.spring.journey;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.broker.Broker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** One client cannot use up what a node may have under way: here 40 publications. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class InFlightContract {

	private static final int FEW = 10;

	private final ConfigurableApplicationContext node;

	private final int port;

	InFlightContract(String... properties) {
		List<String> all = new ArrayList<>(List.of("server.port=0", "spring.main.banner-mode=off",
				"realtime.broker=memory", "spring.main.register-shutdown-hook=false", "realtime.drain.spread=0s",
				"realtime.security.anonymous=true", "realtime.topics.rooms.pattern=room.*",
				"realtime.topics.rooms.client-publish=true", "realtime.breaker.enabled=false",
				"realtime.publish.max-in-flight=40", "realtime.publish.max-in-flight-per-connection=" + FEW,
				"realtime.publish.max-in-flight-per-user=15"));
		all.addAll(List.of(properties));
		this.node = new SpringApplicationBuilder(Stalled.class).properties(all.toArray(String[]::new)).run();
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void rule8_oneClientDoesNotUseUpWhatTheNodeMayHaveUnderWay() {
		Stall stall = this.node.getBean(Stall.class);
		stall.stalled = new CompletableFuture<>();
		try (StompTestClient greedy = StompTestClient.connect(this.port, "greedy");
				StompTestClient again = StompTestClient.connect(this.port, "greedy");
				StompTestClient other = StompTestClient.connect(this.port, "other")) {
			for (int i = 0; i < 60; i++) {
				send(greedy, i);
			}
			awaitOverloaded(greedy, 60 - FEW);
			for (int i = 0; i < 60; i++) {
				send(again, i);
			}
			awaitOverloaded(again, 60 - 5);
			CompletableFuture<Integer> overHttp = CompletableFuture
				.supplyAsync(() -> Polls.send(this.port, "destination=/topic/room.a&login=greedy", "hi").statusCode());
			assertThat(overHttp.join()).isEqualTo(503);
			for (int i = 0; i < 3; i++) {
				send(other, i);
			}
			await().until(() -> stall.waiting >= 15 + 3);
			stall.stalled.complete(null);
			awaitReceipts(greedy, FEW);
			awaitReceipts(again, 5);
			awaitReceipts(other, 3);
			assertThat(overloaded(other)).isZero();
			// What has its receipt makes room.
			send(greedy, 99);
			awaitReceipts(greedy, FEW + 1);
		}
	}

	private static void send(StompTestClient client, int i) {
		client.send("SEND", Map.of("destination", "/topic/room.a", "receipt", "r" + i), "m" + i);
	}

	private static void awaitOverloaded(StompTestClient client, int count) {
		await().untilAsserted(() -> assertThat(overloaded(client)).isEqualTo(count));
	}

	private static long overloaded(StompTestClient client) {
		return client.frames().stream().filter((frame) -> "overloaded".equals(frame.get("reason"))).count();
	}

	private static void awaitReceipts(StompTestClient client, int count) {
		await().untilAsserted(
				() -> assertThat(client.frames().stream().filter((frame) -> frame.command().equals("RECEIPT")).count())
					.isEqualTo(count));
	}

	/** Whether the store of messages answers. */
	static final class Stall implements BeanPostProcessor {

		volatile CompletableFuture<Void> stalled = CompletableFuture.completedFuture(null);

		volatile int waiting;

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			return (name.equals("realtimeBroker") && bean instanceof Broker broker) ? stalling(broker) : bean;
		}

		private Broker stalling(Broker broker) {
			return (Broker) Proxy.newProxyInstance(Broker.class.getClassLoader(), new Class<?>[] { Broker.class },
					(proxy, method, args) -> {
						try {
							Object result = method.invoke(broker, args);
							return method.getName().equals("publish") ? later((CompletionStage<?>) result) : result;
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

		private synchronized CompletionStage<?> later(CompletionStage<?> published) {
			this.waiting++;
			return this.stalled.thenCompose((now) -> published);
		}

	}

	/** A node whose broker can be made to wait. */
	@Configuration(proxyBeanMethods = false)
	@Import(StreamNode.class)
	static class Stalled {

		@Bean
		static Stall stall() {
			return new Stall();
		}

	}

}

package dev.realtime.spring.journey;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.Content;
import dev.realtime.broker.Broker;
import dev.realtime.log.BoundedReads;
import dev.realtime.log.TopicLog;
import dev.realtime.node.RealtimeNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
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

/** What clients make a node read: two at a time, and two more that wait. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogReadsIT {

	private final ConfigurableApplicationContext node = new SpringApplicationBuilder(Stalled.class)
		.properties("server.port=0", "spring.main.banner-mode=off", "realtime.broker=memory",
				"spring.main.register-shutdown-hook=false", "realtime.drain.spread=0s",
				"realtime.security.anonymous=true", "realtime.limits.log-reads=2",
				"realtime.limits.log-reads-waiting=2")
		.run();

	private final int port = ChatNode.port(this.node);

	private final StalledLog log = this.node.getBean(StalledLog.class);

	private final ExecutorService askers = Executors.newFixedThreadPool(8);

	@AfterAll
	void stop() {
		this.askers.shutdown();
		this.node.close();
	}

	@BeforeEach
	void stall() {
		this.log.stalled = new CompletableFuture<>();
	}

	@Test
	void rule8_soManyReadsAreUnderWaySoManyWaitAndOthersAreRefused() {
		this.log.reads.set(0);
		List<CompletableFuture<HttpResponse<String>>> four = ask(4);
		await().until(() -> reads().underWay() == 2 && reads().waiting() == 2);
		assertThat(this.log.reads).hasValue(2);
		HttpResponse<String> refused = Polls.ask(this.port, "GET", "/realtime/topics/a/messages", "");
		assertThat(refused.statusCode()).isEqualTo(503);
		assertThat(Polls.json(refused)).containsEntry("reason", "overloaded");
		assertThat(refused.headers().firstValue("Retry-After")).isPresent();
		this.log.stalled.complete(null);
		assertThat(four)
			.allSatisfy((answer) -> assertThat(answer.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200));
		await().until(() -> reads().underWay() == 0);
	}

	@Test
	void rule4_aRecoveryThatFindsNoRoomIsTriedAgainAndLosesNothing() {
		this.log.stalled.complete(null);
		for (int i = 0; i < 5; i++) {
			StreamNode.publish(this.node, "recovered", Content.text("m" + i));
		}
		try (StompTestClient ann = StompTestClient.connect(this.port, "ann");
				StompTestClient live = StompTestClient.connect(this.port, "bob")) {
			live.subscribe("s", "/topic/recovered");
			stall();
			List<CompletableFuture<HttpResponse<String>>> four = ask(4);
			await().until(() -> reads().underWay() == 2 && reads().waiting() == 2);
			ann.send("SUBSCRIBE",
					Map.of("id", "s", "destination", "/topic/recovered", "receipt", "r-s", "rewind", "100"), "");
			// What the node itself delivers does not wait for strangers.
			StreamNode.publish(this.node, "recovered", Content.text("m5"));
			await().until(() -> live.messages().size() == 1);
			assertThat(ann.messages()).isEmpty();
			this.log.stalled.complete(null);
			four.forEach(CompletableFuture::join);
			await().untilAsserted(() -> assertThat(ann.seqs()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L));
		}
	}

	private List<CompletableFuture<HttpResponse<String>>> ask(int count) {
		List<CompletableFuture<HttpResponse<String>>> asked = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			asked.add(CompletableFuture
				.supplyAsync(() -> Polls.ask(this.port, "GET", "/realtime/topics/a/messages", ""), this.askers));
		}
		return asked;
	}

	private BoundedReads reads() {
		return this.node.getBean(RealtimeNode.class).hub().clientReads();
	}

	/** A log that can be made to wait with pages. */
	static final class StalledLog implements BeanPostProcessor {

		volatile CompletableFuture<Void> stalled = CompletableFuture.completedFuture(null);

		final AtomicInteger reads = new AtomicInteger();

		@Override
		public Object postProcessAfterInitialization(Object bean, String name) {
			return (name.equals("realtimeBroker") && bean instanceof Broker broker) ? stalling(broker) : bean;
		}

		private Broker stalling(Broker broker) {
			TopicLog log = proxy(TopicLog.class, (proxy, method, args) -> {
				Object result = invoke(() -> method.invoke(broker.log(), args));
				return Set.of("read", "readBefore").contains(method.getName()) ? later((CompletionStage<?>) result)
						: result;
			});
			return proxy(Broker.class, (proxy, method, args) -> method.getName().equals("log") ? log
					: invoke(() -> method.invoke(broker, args)));
		}

		private CompletionStage<?> later(CompletionStage<?> page) {
			this.reads.incrementAndGet();
			return this.stalled.thenCompose((now) -> page);
		}

		private static Object invoke(Call call) throws Throwable {
			try {
				return call.call();
			}
			catch (InvocationTargetException ex) {
				throw ex.getTargetException();
			}
		}

		private static <T> T proxy(Class<T> type, InvocationHandler handler) {
			return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, handler));
		}

		private interface Call {

			Object call() throws Exception;

		}

	}

	/** A node whose log can be made to wait. */
	@Configuration(proxyBeanMethods = false)
	@Import(StreamNode.class)
	static class Stalled {

		@Bean
		static StalledLog stalledLog() {
			return new StalledLog();
		}

	}

}

package dev.realtime.spring.compat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.handler.annotation.MessageMapping;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Controller;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications with jobs, asynchronous methods and injected executors, which have set
 * {@code spring.task.*} and no STOMP support of their own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnExecutorsIT {

	private final ConfigurableApplicationContext node = PlainNode.start(List
		.of("spring.task.scheduling.thread-name-prefix=jobs-", "spring.task.execution.thread-name-prefix=work-"),
			Background.class);

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void rule11_scheduledMethodsRunOnTheSchedulerOfTheApplication() throws Exception {
		assertThat(this.node.getBean(Jobs.class).ran.get(20, TimeUnit.SECONDS)).startsWith("jobs-");
	}

	@Test
	void rule11_asynchronousMethodsRunOnTheExecutorOfTheApplication() throws Exception {
		assertThat(this.node.getBean(Work.class).thread().get(20, TimeUnit.SECONDS)).startsWith("work-");
	}

	@Test
	void rule11_anExecutorIsStillInjectedByItsType() throws Exception {
		try (ConfigurableApplicationContext other = PlainNode
			.start(List.of("spring.task.execution.thread-name-prefix=work-"), ByType.class)) {
			CompletableFuture<String> thread = new CompletableFuture<>();
			other.getBean(ByType.Holder.class)
				.executor()
				.execute(() -> thread.complete(Thread.currentThread().getName()));
			assertThat(thread.get(20, TimeUnit.SECONDS)).startsWith("work-");
		}
	}

	/** Neither waits for the other's threads. */
	@Test
	void rule11_frameHandlersHaveThreadsOfTheirOwn() throws Exception {
		try (RawSocket client = RawSocket.open(PlainNode.url(this.node))) {
			client.send("SEND\ndestination:/app/where\n\n\0");
			assertThat(this.node.getBean(Where.class).handled.get(20, TimeUnit.SECONDS))
				.startsWith("clientInboundChannel-");
		}
		assertThat(this.node.getBean("applicationTaskExecutor"))
			.isNotSameAs(this.node.getBean("clientInboundChannelExecutor"));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableScheduling
	@EnableAsync
	static class Background {

		@Bean
		Jobs jobs() {
			return new Jobs();
		}

		@Bean
		Work work() {
			return new Work();
		}

		@Bean
		Where where() {
			return new Where();
		}

	}

	/** A job. */
	static class Jobs {

		final CompletableFuture<String> ran = new CompletableFuture<>();

		@Scheduled(fixedDelay = 100)
		void run() {
			this.ran.complete(Thread.currentThread().getName());
		}

	}

	/** A service whose method returns at once. */
	static class Work {

		@Async
		CompletableFuture<String> thread() {
			return CompletableFuture.completedFuture(Thread.currentThread().getName());
		}

	}

	/** What clients call. */
	@Controller
	static class Where {

		final CompletableFuture<String> handled = new CompletableFuture<>();

		@MessageMapping("/where")
		void where() {
			this.handled.complete(Thread.currentThread().getName());
		}

	}

	/** A service that wants the one executor there is. */
	@Configuration(proxyBeanMethods = false)
	static class ByType {

		@Bean
		Holder holder(TaskExecutor one, Executor other) {
			return new Holder(one, other);
		}

		record Holder(TaskExecutor executor, Executor other) {
		}

	}

}

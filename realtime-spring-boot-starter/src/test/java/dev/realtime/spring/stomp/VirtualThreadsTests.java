package dev.realtime.spring.stomp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import org.springframework.messaging.simp.config.TaskExecutorRegistration;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the frames of clients are handled with {@code spring.threads.virtual.enabled}.
 */
class VirtualThreadsTests {

	private static final String PREFIX = "clientInboundChannel-";

	private final MockEnvironment environment = new MockEnvironment().withProperty("spring.threads.virtual.enabled",
			"true");

	private final ThreadPoolTaskExecutor pool = new DefaultRegistration().pool();

	@AfterEach
	void stop() {
		this.pool.shutdown();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void springsDefaultPoolGivesWayToVirtualThreads() throws Exception {
		Executor executor = VirtualThreads.insteadOf(this.pool, PREFIX, this.environment);
		assertThat(threadOf(executor)).startsWith("VirtualThread").contains(PREFIX);
	}

	@Test
	void aPoolThatTheApplicationConfiguredStays() {
		this.pool.setCorePoolSize(1);
		assertThat(VirtualThreads.insteadOf(this.pool, PREFIX, this.environment)).isSameAs(this.pool);
	}

	@Test
	void thePoolStaysWithoutTheProperty() {
		assertThat(VirtualThreads.insteadOf(this.pool, PREFIX, new MockEnvironment())).isSameAs(this.pool);
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_20)
	void thePoolStaysOnAJavaWithoutVirtualThreads() {
		assertThat(VirtualThreads.insteadOf(this.pool, PREFIX, this.environment)).isSameAs(this.pool);
	}

	private static String threadOf(Executor executor) throws Exception {
		CompletableFuture<String> thread = new CompletableFuture<>();
		executor.execute(() -> thread.complete(Thread.currentThread().toString()));
		return thread.get(10, TimeUnit.SECONDS);
	}

	/** Makes the pool as Spring does where nothing is configured. */
	private static final class DefaultRegistration extends TaskExecutorRegistration {

		ThreadPoolTaskExecutor pool() {
			ThreadPoolTaskExecutor pool = getTaskExecutor();
			pool.setThreadNamePrefix(PREFIX);
			pool.initialize();
			return pool;
		}

	}

}

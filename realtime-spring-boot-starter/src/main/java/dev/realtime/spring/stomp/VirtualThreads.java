package dev.realtime.spring.stomp;

import java.util.concurrent.Executor;

import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * Handlers of frames on virtual threads, with {@code spring.threads.virtual.enabled} on
 * Java 21 and later. Boot gives its virtual executor to the inbound channel only while
 * the application has no executor, and an application with its own
 * {@code @EnableWebSocketMessageBroker} has several. There may be as many threads as
 * connections: the frames of one are handled one after the other.
 */
final class VirtualThreads {

	private static final int JAVA = 21;

	private VirtualThreads() {
	}

	/** The executor, or one of virtual threads in the place of Spring's default. */
	static Executor insteadOf(Executor executor, String prefix, Environment environment) {
		if (!environment.getProperty("spring.threads.virtual.enabled", Boolean.class, false)
				|| Runtime.version().feature() < JAVA || !isDefault(executor, prefix)) {
			return executor;
		}
		SimpleAsyncTaskExecutor virtual = new SimpleAsyncTaskExecutor(prefix);
		virtual.setVirtualThreads(true);
		return virtual;
	}

	/**
	 * Whether nothing of the pool was configured: its size and bounds are those of
	 * {@code TaskExecutorRegistration}.
	 */
	private static boolean isDefault(Executor executor, String prefix) {
		return executor instanceof ThreadPoolTaskExecutor pool && prefix.equals(pool.getThreadNamePrefix())
				&& pool.getCorePoolSize() == Runtime.getRuntime().availableProcessors() * 2
				&& pool.getMaxPoolSize() == Integer.MAX_VALUE && pool.getQueueCapacity() == Integer.MAX_VALUE;
	}

}

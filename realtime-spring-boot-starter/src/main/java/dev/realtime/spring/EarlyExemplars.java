package dev.realtime.spring;

import java.time.Duration;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Keeps the start from a deadlock of an application with a tracer and Prometheus. Their
 * exemplars look the tracer up when a meter is first recorded, see
 * <a href="https://github.com/spring-projects/spring-boot/issues/40972">issue 40972 of
 * Spring Boot</a>. If that is on the thread of a Redis client, while the main thread
 * creates a bean and waits for that client, neither goes on. So a meter is recorded
 * before, on the main thread.
 */
final class EarlyExemplars {

	private EarlyExemplars() {
	}

	static void resolve(BeanFactory beans) {
		ClassLoader loader = EarlyExemplars.class.getClassLoader();
		if (ClassUtils.isPresent("io.micrometer.tracing.Tracer", loader)
				&& ClassUtils.isPresent("io.micrometer.core.instrument.MeterRegistry", loader)) {
			Meters.record(beans);
		}
	}

	/** Apart, because its types may not be there. */
	private static final class Meters {

		static void record(BeanFactory beans) {
			MeterRegistry registry = beans.getBeanProvider(MeterRegistry.class).getIfUnique();
			if (registry != null) {
				Timer timer = Timer.builder("realtime.start").register(registry);
				timer.record(Duration.ZERO);
				registry.remove(timer);
			}
		}

	}

}

package dev.realtime.spring.actuate;

import java.util.List;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Takes Boot's Redis health indicator away where this starter is the only reason for it:
 * with {@code realtime.broker=memory} or {@code realtime.redis.shards}, nothing under
 * {@code spring.data.redis}, and no connection factory but Boot's. Otherwise an
 * application without Redis would be reported as down.
 * {@code management.health.redis.enabled} decides if it is set.
 */
final class RedisHealthBackOff implements BeanDefinitionRegistryPostProcessor {

	private static final List<String> INDICATORS = List.of("redisHealthContributor", "redisHealthIndicator");

	/** Boot's, on platform threads and on virtual ones. */
	private static final List<String> FACTORIES = List.of("redisConnectionFactory",
			"redisConnectionFactoryVirtualThreads");

	private final Environment environment;

	RedisHealthBackOff(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		if ((isMemory() || isSharded()) && !isRedisConfigured()
				&& FACTORIES.stream().anyMatch((name) -> isOfBoot(registry, name))) {
			for (String indicator : INDICATORS) {
				if (isOfBoot(registry, indicator)) {
					registry.removeBeanDefinition(indicator);
				}
			}
		}
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		// all is done in the registry
	}

	private boolean isMemory() {
		return "memory".equalsIgnoreCase(this.environment.getProperty("realtime.broker"));
	}

	private boolean isSharded() {
		return Binder.get(this.environment).bind("realtime.redis.shards", Bindable.listOf(String.class)).isBound();
	}

	private boolean isRedisConfigured() {
		return this.environment.containsProperty("management.health.redis.enabled") || Binder.get(this.environment)
			.bind("spring.data.redis", Bindable.mapOf(String.class, Object.class))
			.isBound();
	}

	private static boolean isOfBoot(BeanDefinitionRegistry registry, String name) {
		if (!registry.containsBeanDefinition(name)) {
			return false;
		}
		BeanDefinition definition = registry.getBeanDefinition(name);
		return String.valueOf(definition.getFactoryBeanName()).startsWith("org.springframework.boot.")
				|| String.valueOf(definition.getBeanClassName()).startsWith("org.springframework.boot.");
	}

}

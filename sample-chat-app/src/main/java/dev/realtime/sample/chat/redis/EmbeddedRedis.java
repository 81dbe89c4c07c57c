package dev.realtime.sample.chat.redis;

import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.boot.logging.DeferredLogFactory;
import org.springframework.context.aot.AbstractAotProcessor;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Gives the fleet a Redis unless {@code spring.data.redis.*} names one, or everything is
 * in the database. The first node starts it, later ones find it, and the last one to stop
 * takes it down. It is a process of its own: a node that is killed does not take the
 * others' Redis with it. While the build processes the beans ahead of time, nothing is
 * started.
 */
class EmbeddedRedis implements EnvironmentPostProcessor {

	static final String PORT = "chat.embedded-redis.port";

	private static final int DEFAULT_PORT = 16379;

	private static final List<String> ADDRESSES = List.of("host", "port", "url", "sentinel.nodes", "cluster.nodes");

	private final Log log;

	EmbeddedRedis(DeferredLogFactory logs) {
		this.log = logs.getLog(EmbeddedRedis.class);
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (Boolean.getBoolean(AbstractAotProcessor.AOT_PROCESSING) || namesRedis(environment)
				|| "jdbc".equals(environment.getProperty("realtime.broker"))) {
			return;
		}
		RedisProcess redis = new RedisProcess(environment.getProperty(PORT, Integer.class, DEFAULT_PORT));
		boolean started = redis.startUnlessRunning();
		this.log.info((started ? "Started an embedded Redis on port " : "Using the embedded Redis on port ")
				+ redis.port() + "; set spring.data.redis.host to use your own");
		SpringApplication.getShutdownHandlers().add(redis::stopUnlessUsed);
		environment.getPropertySources()
			.addLast(new MapPropertySource("embeddedRedis",
					Map.of("spring.data.redis.host", "127.0.0.1", "spring.data.redis.port", redis.port())));
	}

	private static boolean namesRedis(ConfigurableEnvironment environment) {
		Binder binder = Binder.get(environment);
		return ADDRESSES.stream()
			.anyMatch((name) -> binder.bind("spring.data.redis." + name, Bindable.listOf(String.class)).isBound());
	}

}

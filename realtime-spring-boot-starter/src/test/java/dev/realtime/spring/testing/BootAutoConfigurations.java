package dev.realtime.spring.testing;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.util.ClassUtils;

/** Auto-configurations of Boot, wherever the running generation has them. */
public final class BootAutoConfigurations {

	/** Of JPA; both are named, because a name that does not exist is ignored. */
	public static final List<String> HIBERNATE = List.of(
			"org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
			"org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration");

	private BootAutoConfigurations() {
	}

	/** Spring MVC with JSON, and the given ones. */
	public static AutoConfigurations webMvcAnd(Class<?>... more) {
		List<Class<?>> all = new ArrayList<>(List.of(
				either("autoconfigure.jackson.JacksonAutoConfiguration", "jackson.autoconfigure"),
				either("autoconfigure.http.HttpMessageConvertersAutoConfiguration", "http.converter.autoconfigure"),
				either("autoconfigure.web.servlet.WebMvcAutoConfiguration", "webmvc.autoconfigure"),
				either("autoconfigure.web.servlet.DispatcherServletAutoConfiguration", "webmvc.autoconfigure")));
		all.addAll(List.of(more));
		return AutoConfigurations.of(all.toArray(Class<?>[]::new));
	}

	/** Of Redis, and the given ones. */
	public static AutoConfigurations redisAnd(Class<?>... more) {
		List<Class<?>> all = new ArrayList<>(List.of(more));
		all.add(eitherName("autoconfigure.data.redis.RedisAutoConfiguration",
				"data.redis.autoconfigure.DataRedisAutoConfiguration"));
		return AutoConfigurations.of(all.toArray(Class<?>[]::new));
	}

	private static Class<?> eitherName(String boot3, String boot4) {
		String prefix = "org.springframework.boot.";
		ClassLoader loader = BootAutoConfigurations.class.getClassLoader();
		return ClassUtils
			.resolveClassName(ClassUtils.isPresent(prefix + boot4, loader) ? prefix + boot4 : prefix + boot3, loader);
	}

	/** Of the same simple name in both. */
	private static Class<?> either(String boot3, String boot4Package) {
		return eitherName(boot3, boot4Package + boot3.substring(boot3.lastIndexOf('.')));
	}

}

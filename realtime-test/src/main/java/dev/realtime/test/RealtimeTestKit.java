package dev.realtime.test;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/**
 * Adds the kit to an application that a test starts itself, such as the second node of a
 * fleet: {@code new SpringApplicationBuilder(Shop.class).initializers(new
 * RealtimeTestKit())}. A {@link RealtimeTest} has it already. It decorates beans and
 * leaves the application's own conditions as they are. Unless the test sets it, {@code
 * realtime.repair.check-interval} is an hour.
 */
public final class RealtimeTestKit implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final String BROKER = "realtime.broker";

	/**
	 * The node compares its topics with the log when a test asks for it: at a moment of
	 * its own it would repair what a test makes it lose.
	 */
	private static final String COMPARES = "realtime.repair.check-interval";

	private static final String SELDOM = "1h";

	/** What a test has set itself. */
	private static final String[] SET_BY_TEST = { "Inlined Test Properties", "Dynamic Test Properties",
			"commandLineArgs" };

	private final String broker;

	/** Leaves the application's own {@code realtime.broker}. */
	public RealtimeTestKit() {
		this("");
	}

	RealtimeTestKit(String broker) {
		this.broker = broker;
	}

	@Override
	public void initialize(ConfigurableApplicationContext application) {
		MutablePropertySources sources = application.getEnvironment().getPropertySources();
		Map<String, Object> properties = new LinkedHashMap<>();
		properties.put(COMPARES, SELDOM);
		if (!this.broker.isEmpty()) {
			properties.put(BROKER, this.broker);
		}
		properties.keySet().removeIf((property) -> isSetByTest(sources, property));
		sources.addFirst(new MapPropertySource("realtimeTest", properties));
		application.addBeanFactoryPostProcessor(RealtimeTestKit::add);
	}

	private static boolean isSetByTest(MutablePropertySources sources, String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
		return Stream.of(SET_BY_TEST).map(sources::get).anyMatch((source) -> has(source, name));
	}

	/** In any form that Boot understands, such as {@code checkInterval}. */
	private static boolean has(@Nullable PropertySource<?> source, ConfigurationPropertyName name) {
		ConfigurationPropertySource properties = (source != null) ? ConfigurationPropertySource.from(source) : null;
		return properties != null && properties.getConfigurationProperty(name) != null;
	}

	private static void add(ConfigurableListableBeanFactory beans) {
		TestUsers users = new TestUsers();
		beans.registerSingleton("realtimeTestUsers", users);
		beans.registerSingleton("realtimeTestUserFilter", new TestUserFilter(users));
		EndedSessions ended = new EndedSessions();
		beans.registerSingleton("realtimeTestEndedSessions", ended);
		beans.registerSingleton("realtimeTestFirstOfEndedSessions", ended.first());
		PublicationLog publications = new PublicationLog(beans);
		beans.registerSingleton("realtimeTestPublications", publications);
		MovableEnvironment environment = new MovableEnvironment();
		beans.registerSingleton("realtimeTestTime", new RealtimeTestTime(environment));
		beans.addBeanPostProcessor(new KitPostProcessor(beans, users, publications, environment));
	}

}

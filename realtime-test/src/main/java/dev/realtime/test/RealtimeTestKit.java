package dev.realtime.test;

import java.util.Map;
import java.util.stream.Stream;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;

/**
 * Adds the kit to an application that a test starts itself, such as the second node of a
 * fleet: {@code new SpringApplicationBuilder(Shop.class).initializers(new
 * RealtimeTestKit())}. A {@link RealtimeTest} has it already. It decorates beans and
 * leaves the application's own conditions as they are.
 */
public final class RealtimeTestKit implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final String BROKER = "realtime.broker";

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
		if (!this.broker.isEmpty() && Stream.of(SET_BY_TEST).noneMatch((name) -> sets(sources.get(name)))) {
			sources.addFirst(new MapPropertySource("realtimeTest", Map.of(BROKER, this.broker)));
		}
		application.addBeanFactoryPostProcessor(RealtimeTestKit::add);
	}

	private static boolean sets(PropertySource<?> source) {
		return source != null && source.containsProperty(BROKER);
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

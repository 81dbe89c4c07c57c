package dev.realtime.test;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;

import static org.assertj.core.api.Assertions.assertThat;

class RealtimeTestKitTests {

	private static final String BROKER = "realtime.broker";

	private static final String COMPARES = "realtime.repair.check-interval";

	@Test
	void theBrokerOfTheTestComesBeforeTheApplications() {
		assertThat(broker("memory", "applicationConfig", "redis")).isEqualTo("memory");
	}

	@Test
	void aPropertyOfTheTestComesBeforeIt() {
		assertThat(broker("memory", "Inlined Test Properties", "jdbc")).isEqualTo("jdbc");
		assertThat(broker("memory", "Dynamic Test Properties", "jdbc")).isEqualTo("jdbc");
		assertThat(broker("memory", "commandLineArgs", "jdbc")).isEqualTo("jdbc");
	}

	@Test
	void withoutOneTheApplicationHasItsOwn() {
		assertThat(broker("", "applicationConfig", "redis")).isEqualTo("redis");
	}

	@Test
	void aNodeComparesItsTopicsWithTheLogWhenATestAsksForIt() {
		assertThat(property(COMPARES, "", "applicationConfig", "10s")).isEqualTo("1h");
		assertThat(property(COMPARES, "memory", "applicationConfig", "10s")).isEqualTo("1h");
		assertThat(property(COMPARES, "memory", "Inlined Test Properties", "1s")).isEqualTo("1s");
	}

	@Test
	void aPropertyOfTheTestIsRecognizedInEachFormThatBootUnderstands() {
		try (GenericApplicationContext application = new GenericApplicationContext()) {
			MutablePropertySources sources = application.getEnvironment().getPropertySources();
			sources.addFirst(
					new MapPropertySource("Inlined Test Properties", Map.of("realtime.repair.checkInterval", "1s")));
			new RealtimeTestKit("memory").initialize(application);
			assertThat(sources.stream().filter((source) -> source.getProperty(COMPARES) != null)).isEmpty();
		}
	}

	private static String broker(String ofTest, String source, String value) {
		return property(BROKER, ofTest, source, value);
	}

	private static String property(String name, String ofTest, String source, String value) {
		try (GenericApplicationContext application = new GenericApplicationContext()) {
			application.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource(source, Map.of(name, value)));
			new RealtimeTestKit(ofTest).initialize(application);
			return application.getEnvironment().getRequiredProperty(name);
		}
	}

}

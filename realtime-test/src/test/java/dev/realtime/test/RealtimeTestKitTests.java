package dev.realtime.test;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class RealtimeTestKitTests {

	private static final String BROKER = "realtime.broker";

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

	private static String broker(String ofTest, String source, String value) {
		try (GenericApplicationContext application = new GenericApplicationContext()) {
			application.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource(source, Map.of(BROKER, value)));
			new RealtimeTestKit(ofTest).initialize(application);
			return application.getEnvironment().getRequiredProperty(BROKER);
		}
	}

}

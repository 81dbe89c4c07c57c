package dev.realtime.spring.compat;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.spring.testing.BootAutoConfigurations;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that exclude what the starter brings along, because its presence alone
 * would change them: Spring Data, or the actuator.
 */
class LeftOutModulesIT {

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.data",
			"org.springframework.boot.actuate,org.springframework.boot.health,org.springframework.boot.micrometer" })
	void rule11_theNodeStartsAndPublishesWithout(String packages) {
		new WebApplicationContextRunner().withUserConfiguration(PlainNode.class)
			.withClassLoader(new FilteredClassLoader(packages.split(",")))
			.withPropertyValues("realtime.broker=memory", "realtime.drain.spread=0s", "spring.flyway.enabled=false",
					"spring.liquibase.enabled=false",
					"spring.autoconfigure.exclude=" + String.join(",", BootAutoConfigurations.HIBERNATE))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(RealtimePublisher.class)
					.publishAndWait(Publication.of(Topic.of("left-out"), Content.text("x")))
					.position()
					.seq()).isEqualTo(1);
			});
	}

}

package dev.realtime.spring;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import dev.realtime.Topic;
import dev.realtime.broker.Broker;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.loop.Environment;
import dev.realtime.region.Bridge;
import dev.realtime.spring.testing.FrontBroker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class RegionConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAutoConfiguration.class))
		.withPropertyValues("realtime.broker=memory");

	private final ApplicationContextRunner regional = this.runner.withPropertyValues("realtime.region=eu",
			"realtime.regions.names=eu,us");

	@Test
	void withoutARegionNothingOfItIsThere() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(Bridge.class));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "realtime.regions.names=us,asia | must be one of realtime.regions.names",
					"realtime.regions.names=eu | which must be two or more",
					"realtime.regions.names=eu,eu | must be up to 16 different names",
					"realtime.regions.home=asia | must be one of realtime.regions.names",
					"realtime.regions.timeout=1ms | must be 500ms or more",
					"realtime.regions.kafka.pending=1MB | so that realtime.publish.max-payload fits",
					"realtime.log=jdbc | needs topics in Redis; remove realtime.log=jdbc",
					"realtime.redis.failover=continue | does not keep its epochs",
					"realtime.broker=memory | needs topics in Redis; set spring.data.redis.host" })
	void whatCannotBeARegionDoesNotStart(String property, String why) {
		this.regional.withPropertyValues(property).run((context) -> {
			Throwable failure = Objects.requireNonNull(context.getStartupFailure());
			Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
			assertThat(cause).isInstanceOf(InvalidRealtimePropertyException.class);
			assertThat(cause).hasMessageContaining(why);
		});
	}

	@Test
	void aHomeWithoutRegionsIsRefused() {
		this.runner.withPropertyValues("realtime.topics.a.pattern=a.*", "realtime.topics.a.home=eu")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("realtime.topics.a.home")
				.hasMessageContaining("needs realtime.region"));
	}

	@Test
	void aRegionMayStandBehindAnotherBroker() {
		try (FrontBroker front = FrontBroker.ofRegion(); MemoryBroker alone = new MemoryBroker(Environment.system())) {
			assertThatNoException().isThrownBy(regions(front)::afterSingletonsInstantiated);
			assertThatExceptionOfType(InvalidRealtimePropertyException.class)
				.isThrownBy(regions(alone)::afterSingletonsInstantiated)
				.withMessageContaining("needs topics in Redis");
		}
	}

	private FleetRegions regions(Broker broker) {
		ListableBeanFactory beans = new StaticListableBeanFactory(Map.of("broker", broker));
		AtomicReference<FleetRegions> regions = new AtomicReference<>();
		new ApplicationContextRunner().withUserConfiguration(Bound.class)
			.withPropertyValues("realtime.regions.names=eu,us")
			.run((context) -> regions.set(new FleetRegions(new RegionProperties("eu"),
					context.getBean(RegionsProperties.class), context.getBean(RealtimeProperties.class),
					beans.getBeanProvider(Bridge.class), beans.getBeanProvider(Broker.class))));
		return Objects.requireNonNull(regions.get());
	}

	@Test
	void theFirstRuleThatMatchesNamesTheHome() {
		TopicHomes homes = homes("realtime.topics.a.pattern=a.*", "realtime.topics.a.home=us",
				"realtime.topics.b.pattern=b.*", "realtime.regions.home=eu");
		assertThat(homes.apply(Topic.of("a.1"))).isEqualTo("us");
		assertThat(homes.apply(Topic.of("b.1"))).isEqualTo("eu");
		assertThat(homes.apply(Topic.of("c.1"))).isEqualTo("eu");
		assertThat(homes.apply(Topic.of("_presence.a.1"))).isNull();
		assertThat(homes.apply(Topic.of("_user.ann.queue"))).isNull();
		assertThat(homes("realtime.topics.a.pattern=a.*", "realtime.topics.a.home=us").apply(Topic.of("c.1"))).isNull();
		assertThat(homes("realtime.topics.u.pattern=_user.**", "realtime.topics.u.home=us")
			.apply(Topic.of("_user.ann.queue"))).isEqualTo("us");
	}

	private TopicHomes homes(String... properties) {
		AtomicReference<TopicHomes> homes = new AtomicReference<>();
		new ApplicationContextRunner().withUserConfiguration(Bound.class)
			.withPropertyValues("realtime.regions.names=eu,us")
			.withPropertyValues(properties)
			.run((context) -> homes.set(new TopicHomes(context.getBean(RealtimeProperties.class),
					context.getBean(RegionsProperties.class))));
		return Objects.requireNonNull(homes.get());
	}

	@EnableConfigurationProperties({ RealtimeProperties.class, RegionsProperties.class })
	static class Bound {

	}

}

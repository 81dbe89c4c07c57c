package dev.realtime.spring.occupancy;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import dev.realtime.loop.Environment;
import dev.realtime.restriction.MemoryRestrictionStore;
import dev.realtime.restriction.Restriction;
import dev.realtime.restriction.RestrictionList;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.restriction.Revision;
import dev.realtime.spring.RealtimeAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class RealtimeOccupancyAutoConfigurationTests {

	private static final String ENABLED = "realtime.topic-events.enabled=true";

	private static final String FLEET_WIDE = "realtime.topic-events.fleet-wide=true";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(RealtimeAutoConfiguration.class, RealtimeOccupancyAutoConfiguration.class))
		.withPropertyValues("realtime.broker=memory");

	@Test
	void thereIsNothingUnlessItIsAskedFor() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.doesNotHaveBean(RealtimeOccupancyAutoConfiguration.class));
	}

	@Test
	void aNodeAloneNeedsNoRedis() {
		this.runner.withPropertyValues(ENABLED, FLEET_WIDE)
			.run((context) -> assertThat(context).hasSingleBean(TopicEvents.class)
				.doesNotHaveBean(FleetTopicEvents.class));
	}

	@Test
	void fleetWideEventsMustBeEnabledToo() {
		this.runner.withPropertyValues(FLEET_WIDE)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("realtime.topic-events.fleet-wide")
				.hasMessageContaining("needs realtime.topic-events.enabled=true"));
	}

	@Test
	void aFleetWithoutRedisHasNone() {
		this.runner.withPropertyValues(ENABLED, FLEET_WIDE)
			.withBean(RestrictionStore.class, SharedStore::new)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("realtime.topic-events.fleet-wide")
				.hasMessageContaining("needs Redis"));
		this.runner.withPropertyValues(ENABLED)
			.withBean(RestrictionStore.class, SharedStore::new)
			.run((context) -> assertThat(context).hasSingleBean(TopicEvents.class));
	}

	/** As that of a fleet in a database. */
	private static final class SharedStore implements RestrictionStore {

		private final RestrictionStore store = new MemoryRestrictionStore(10, Environment.system());

		@Override
		public CompletionStage<Change> put(Restriction restriction, Duration time) {
			return this.store.put(restriction, time);
		}

		@Override
		public CompletionStage<Void> restore(Restriction restriction, Duration time) {
			return this.store.restore(restriction, time);
		}

		@Override
		public CompletionStage<@Nullable Revision> remove(Restriction restriction) {
			return this.store.remove(restriction);
		}

		@Override
		public CompletionStage<RestrictionList> read(Revision known) {
			return this.store.read(known);
		}

		@Override
		public boolean isShared() {
			return true;
		}

		@Override
		public void close() {
			this.store.close();
		}

	}

}

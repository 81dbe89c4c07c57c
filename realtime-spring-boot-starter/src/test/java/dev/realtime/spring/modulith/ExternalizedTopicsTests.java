package dev.realtime.spring.modulith;

import java.util.Map;

import dev.realtime.spring.publisher.DeclaredTopic;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.modulith.events.Externalized;

import static org.assertj.core.api.Assertions.assertThat;

class ExternalizedTopicsTests {

	private final StaticApplicationContext context = new StaticApplicationContext();

	@Test
	void knowsTheEventsThatNameATopic() {
		AutoConfigurationPackages.register(this.context, getClass().getPackageName());
		this.context.refresh();
		assertThat(new ExternalizedTopics(this.context, this.context.getEnvironment(), this.context).topics())
			.containsExactly(new DeclaredTopic("Shipped", "shipment.{id}", Map.of("id", ""), Shipped.class, null));
	}

	@Test
	void knowsNothingWithoutTheApplicationsPackages() {
		this.context.refresh();
		assertThat(new ExternalizedTopics(this.context, this.context.getEnvironment(), this.context).topics())
			.isEmpty();
	}

	@Externalized("realtime::shipment.{id}")
	record Shipped(String id) {
	}

	@Externalized("realtime::#{'shipment.' + #this.id()}")
	record Computed(String id) {
	}

	@Externalized("kafka::shipment.{id}")
	record Elsewhere(String id) {
	}

	@Externalized("realtime::shipment.{not closed")
	record Illegal(String id) {
	}

}

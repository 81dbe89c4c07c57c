package dev.realtime.spring;

import java.util.function.Supplier;

import dev.realtime.loop.Loops;
import dev.realtime.relay.AnnounceListener;
import dev.realtime.relay.ObservedRelay;
import dev.realtime.relay.Relay;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.util.function.SingletonSupplier;

/**
 * What carries messages between the nodes. Each engine's configuration defines the bean
 * of type {@link Relay} for its {@code realtime.relay.type}, unless the application has
 * one.
 */
@Configuration(proxyBeanMethods = false)
@Import({ NatsRelayConfiguration.class, RabbitRelayConfiguration.class, KafkaRelayConfiguration.class })
class RelayConfiguration {

	@Bean
	FleetRelay realtimeFleetRelay(RelayProperties properties, RealtimeProperties realtime, ObjectProvider<Relay> beans,
			ObjectProvider<AnnounceListener> listeners, Loops loops) {
		Supplier<AnnounceListener> listener = SingletonSupplier
			.of(() -> listeners.getIfAvailable(() -> AnnounceListener.NONE));
		return new FleetRelay(properties, realtime.broker(), beans,
				(relay) -> new ObservedRelay(relay, listener, loops.environment()));
	}

}

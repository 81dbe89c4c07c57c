package dev.realtime.spring.rates;

import java.time.Duration;

import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.rate.FleetRates;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.ClientAddress;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of what limits how often clients do something. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(RealtimeNode.class)
public class RealtimeRatesAutoConfiguration {

	private static final Duration SWEEP = Duration.ofSeconds(10);

	private static final Duration EXCHANGE = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(RealtimeRatesAutoConfiguration.class);

	@Bean
	Rates realtimeRates(RealtimeProperties properties, RealtimeNode node, AddressConnections connections) {
		Rates rates = new Rates(properties.rates(), new ClientAddress(properties.limits()));
		node.hub().stats().onRecovery(rates::recovered);
		connections.refuse(rates::isRefused);
		return rates;
	}

	/** Forgets those that have done nothing lately, and talks with the fleet. */
	@Bean(destroyMethod = "close", defaultCandidate = false)
	Loop realtimeRatesLoop(Rates rates, RealtimeProperties properties, ObjectProvider<FleetRates> fleet, Loops loops) {
		Loop loop = loops.loop("realtime-rates");
		loop.every(SWEEP, rates::sweep);
		FleetRates shared = fleet.getIfAvailable();
		if (properties.rates().fleetWide() && shared != null) {
			loop.every(EXCHANGE, rates.with(shared)::exchange);
		}
		else if (properties.rates().fleetWide()) {
			logger.warn("realtime.rates.fleet-wide has no effect without Redis: each node counts separately");
		}
		return loop;
	}

}

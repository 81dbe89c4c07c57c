package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.topic-events}: events of topics that get their first subscriber on this
 * node, or in the fleet, or lose their last one.
 *
 * @param enabled whether there are such events
 * @param fleetWide whether they are events of the fleet, each published by one node; with
 * Redis
 * @param grace how long a topic is without subscribers until it counts as vacated
 * @param queue most changes of topics that wait for the application's listeners
 */
@ConfigurationProperties("realtime.topic-events")
public record TopicEventsProperties(@DefaultValue("false") boolean enabled, @DefaultValue("false") boolean fleetWide,
		@DefaultValue("2s") Duration grace, @DefaultValue("10000") int queue) {

	public TopicEventsProperties {
		PropertyBounds.check(enabled || !fleetWide, "realtime.topic-events.fleet-wide", true,
				"needs realtime.topic-events.enabled=true, too");
		PropertyBounds.positiveOrZero("realtime.topic-events.grace", grace);
		PropertyBounds.range("realtime.topic-events.queue", queue, 1, 100_000);
	}

}

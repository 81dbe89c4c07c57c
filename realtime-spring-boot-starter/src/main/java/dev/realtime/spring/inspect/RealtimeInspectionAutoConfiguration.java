package dev.realtime.spring.inspect;

import java.time.Clock;

import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RoleProperties;
import dev.realtime.spring.sessions.RealtimeSessionsAutoConfiguration;
import dev.realtime.spring.sessions.SessionDoor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of {@link Inspector}, where the application has an actuator. */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, RealtimeSessionsAutoConfiguration.class })
@ConditionalOnBean(RealtimeNode.class)
@ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
public class RealtimeInspectionAutoConfiguration {

	@Bean
	RecentEvents realtimeRecentEvents(RealtimeNode node) {
		RecentEvents events = new RecentEvents(Clock.systemUTC());
		node.hub().stats().onClosing(events::closing);
		node.hub().stats().onGap(events::gap);
		return events;
	}

	@Bean(initMethod = "begin", destroyMethod = "close")
	FleetInspection realtimeFleetInspection(RealtimeNode node, Loops loops, SessionDoor door, RecentEvents recent,
			RoleProperties role, RestrictionStore store) {
		return new FleetInspection(node, new NodeInspection(node, loops, door, recent, role.role().word()),
				store::isShared, loops);
	}

	@Bean
	Inspector realtimeInspector(FleetInspection fleet, RealtimeNode node) {
		return new Inspector(fleet, node);
	}

}

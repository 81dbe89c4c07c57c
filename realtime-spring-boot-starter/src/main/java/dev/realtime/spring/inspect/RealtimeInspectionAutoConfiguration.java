package dev.realtime.spring.inspect;

import java.time.Clock;

import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.RoleProperties;
import dev.realtime.spring.drain.NodeDrain;
import dev.realtime.spring.drain.RealtimeDrainAutoConfiguration;
import dev.realtime.spring.sessions.RealtimeSessionsAutoConfiguration;
import dev.realtime.spring.sessions.SessionDoor;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Auto-configuration of {@link Inspector}, where the application has an actuator. */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, RealtimeSessionsAutoConfiguration.class,
		RealtimeDrainAutoConfiguration.class })
@ConditionalOnBean(RealtimeNode.class)
@ConditionalOnClass(name = "org.springframework.boot.actuate.endpoint.annotation.Endpoint")
public class RealtimeInspectionAutoConfiguration {

	/** The node has it as a listener. */
	@Bean
	UserActivity realtimeUserActivity(Loops loops, RealtimeProperties properties) {
		return new UserActivity(loops.environment(), Clock.systemUTC(), properties.inspector());
	}

	@Bean
	RecentEvents realtimeRecentEvents(RealtimeNode node, UserActivity activity) {
		RecentEvents events = new RecentEvents(Clock.systemUTC());
		node.hub().stats().onClosing((connection, reason) -> {
			events.closing(connection, reason);
			activity.closing(connection, reason);
		});
		node.hub().stats().onGap(events::gap);
		return events;
	}

	@Bean(initMethod = "begin", destroyMethod = "close")
	FleetInspection realtimeFleetInspection(RealtimeNode node, Loops loops, SessionDoor door, RecentEvents recent,
			UserActivity activity, NodeDrain drain, RoleProperties role, RestrictionStore store) {
		return new FleetInspection(node,
				new NodeInspection(node, loops, door, recent, activity, drain, role.role().word()), store::isShared,
				loops);
	}

	@Bean
	FleetDrain realtimeFleetDrain(FleetInspection fleet, RealtimeNode node) {
		return new FleetDrain(fleet, node.id());
	}

	@Bean
	FleetJourneys realtimeFleetJourneys(FleetInspection fleet) {
		return new FleetJourneys(fleet);
	}

	@Bean
	Inspector realtimeInspector(FleetInspection fleet, RealtimeNode node, RealtimeProperties properties) {
		return new Inspector(fleet, node, properties.inspector().topicReads());
	}

}

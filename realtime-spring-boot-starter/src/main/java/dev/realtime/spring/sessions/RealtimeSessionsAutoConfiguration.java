package dev.realtime.spring.sessions;

import java.time.Duration;

import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.spring.PostgresRelayProperties;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.RightsProperties;
import dev.realtime.spring.security.ConnectAuthenticators;
import dev.realtime.spring.security.TopicAuthorization;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Auto-configuration of {@link RealtimeSessions}. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnBean(RealtimeNode.class)
@EnableConfigurationProperties(RightsProperties.class)
public class RealtimeSessionsAutoConfiguration {

	@Bean
	KnownRestrictions realtimeKnownRestrictions() {
		return new KnownRestrictions();
	}

	@Bean
	LocalSessions realtimeLocalSessions() {
		return new LocalSessions();
	}

	@Bean(initMethod = "begin", destroyMethod = "close")
	FleetSessions realtimeFleetSessions(RealtimeNode node, RestrictionStore store, KnownRestrictions known,
			LocalSessions sessions, RealtimeProperties properties, ObjectProvider<PostgresRelayProperties> postgres,
			Loops loops) {
		PostgresRelayProperties relay = postgres.getIfAvailable();
		Duration answers = (relay != null) ? relay.answersWithin(UserSearch.TIME) : UserSearch.TIME;
		return new FleetSessions(node, store, known, sessions, properties.sessions(), answers, loops);
	}

	@Bean
	SessionDoor realtimeSessionDoor(KnownRestrictions known, LocalSessions sessions, FleetSessions fleet,
			ConnectAuthenticators authenticators, ObjectProvider<Rechecks> rechecks) {
		return new SessionDoor(known, sessions, fleet::isStale, authenticators::all,
				(user) -> rechecks.getObject().here(new Recheck(user, null)));
	}

	@Bean
	Rechecks realtimeRechecks(RealtimeNode node, LocalSessions sessions, ObjectProvider<TopicAuthorization> access,
			RightsProperties properties, Loops loops) {
		return new Rechecks(node, sessions, access::getObject, properties, loops);
	}

	@Bean
	@ConditionalOnMissingBean
	RealtimeSessions realtimeSessions(FleetSessions fleet, Rechecks rechecks, RealtimeProperties properties) {
		return new RealtimeSessions(fleet, rechecks, properties.sessions());
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		SessionsMetrics realtimeSessionsMetrics(KnownRestrictions known, LocalSessions sessions, Rechecks rechecks) {
			return new SessionsMetrics(known, sessions, rechecks);
		}

	}

}

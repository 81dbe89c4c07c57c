package dev.realtime.spring;

import javax.sql.DataSource;

import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.loop.Loops;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.Presence;
import dev.realtime.presence.jdbc.JdbcPresence;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.relay.Relay;
import dev.realtime.relay.postgres.JdbcRelayAgreement;
import dev.realtime.relay.postgres.PostgresRelay;
import dev.realtime.restriction.MemoryRestrictionStore;
import dev.realtime.restriction.RestrictionStore;
import dev.realtime.restriction.jdbc.JdbcRestrictionStore;
import dev.realtime.spring.jdbc.DurableBroker;
import dev.realtime.spring.jdbc.EnginePool;
import dev.realtime.spring.jdbc.JdbcFleet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Everything in the application's own database, for {@code realtime.broker=jdbc}: on
 * PostgreSQL a fleet of all nodes that share it, on another database this node alone.
 * Redis is not used, also where the application has it.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "realtime.broker", havingValue = "jdbc")
@ConditionalOnClass(DataSourceUtils.class)
@ConditionalOnBean(DataSource.class)
@ConditionalOnMissingBean(Broker.class)
@EnableConfigurationProperties(PostgresRelayProperties.class)
class JdbcFleetConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(JdbcFleetConfiguration.class);

	@Bean
	JdbcFleet realtimeJdbcFleet(EnginePool pool, FleetRelay relay, RealtimeProperties properties,
			AmountLimitsProperties amounts, RoleProperties role, Loops loops) {
		JdbcFleet fleet = JdbcFleet.of(pool.dataSource(), properties.jdbc().statementTimeout(), loops.environment());
		if (!fleet.isPostgresql() && role.role() == Role.PUBLISHER) {
			throw PublisherRules.alone();
		}
		if (!fleet.isPostgresql()) {
			logger.info("realtime keeps topics in the database, and this node works alone: nodes with "
					+ "realtime.broker=jdbc form a fleet only with PostgreSQL");
		}
		else if (!pool.own() && relay.separate() == null) {
			logger.info("realtime permanently uses one connection of the application's pool for LISTEN, because "
					+ "it has no pool of its own (realtime.jdbc.own-pool)");
		}
		if (amounts.fleetConnectionsPerUser() > 0) {
			logger.warn("realtime.limits.fleet-connections-per-user has no effect without Redis: connections of a user "
					+ "on other nodes are not counted");
		}
		return fleet;
	}

	@Bean
	FleetParts realtimeFleetParts(JdbcFleet fleet, FleetRelay chosen, PostgresRelayProperties relay,
			RealtimeProperties properties, ListableBeanFactory beans, Loops loops) {
		chosen.checkDatabase(fleet.isPostgresql());
		if (fleet.isPostgresql()) {
			chosen.agree(new JdbcRelayAgreement(fleet.database()), RelayProperties.Type.POSTGRES, "the database");
		}
		return new FleetParts() {
			@Override
			public Broker broker() {
				throw new IllegalStateException("With realtime.broker=jdbc there is no broker besides the durable one");
			}

			@Override
			public Relay relay() {
				return chosen.or(this::own);
			}

			private Relay own() {
				if (!fleet.isPostgresql()) {
					return new LoopbackRelay();
				}
				DataSource listens = (relay.dataSource() != null) ? ChosenBean.of(beans, DataSource.class,
						"realtime.relay.postgres.data-source", relay.dataSource()) : fleet.pool();
				return new PostgresRelay(listens, fleet.database(), relay.options(properties.jdbc().statementTimeout()),
						loops.environment().clock(), loops);
			}
		};
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	@ConditionalOnConnections
	Presence realtimePresence(JdbcFleet fleet, @DurableBroker JdbcBroker broker, RealtimeProperties properties,
			NodeId nodeId, TopicPolicies policies, Loops loops) {
		if (!fleet.isPostgresql()) {
			return new MemoryPresence(properties.presence().options(), loops);
		}
		return new JdbcPresence(fleet.database(), nodeId.value(), properties.presence().options(), policies,
				broker::announceCommitted, loops.environment().clock(), loops);
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	@ConditionalOnConnections
	RestrictionStore realtimeRestrictionStore(JdbcFleet fleet, RealtimeProperties properties, Loops loops) {
		int most = properties.sessions().maxRestrictions();
		return fleet.isPostgresql() ? new JdbcRestrictionStore(fleet.database(), most, loops)
				: new MemoryRestrictionStore(most, loops.environment());
	}

}

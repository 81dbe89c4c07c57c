package dev.realtime.spring.isolation;

import dev.realtime.isolation.IsolationWatch;
import dev.realtime.isolation.Peers;
import dev.realtime.isolation.jdbc.JdbcPeers;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.relay.Relay;
import dev.realtime.spring.IsolationProperties;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.drain.NodeReadiness;
import dev.realtime.spring.drain.RealtimeDrainAutoConfiguration;
import dev.realtime.spring.jdbc.EnginePool;
import dev.realtime.spring.jdbc.JdbcFleet;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Watches whether this node is cut off from the relay. How the others are it learns from
 * a {@link Peers} bean of the application, the addresses of
 * {@code realtime.isolation.peers}, or the database of the durable log, in this order.
 */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, RealtimeDrainAutoConfiguration.class })
@ConditionalOnProperty(name = "realtime.isolation.enabled", matchIfMissing = true)
@ConditionalOnBean(RealtimeNode.class)
@EnableConfigurationProperties(IsolationProperties.class)
public class RealtimeIsolationAutoConfiguration {

	@Bean
	IsolationLifecycle realtimeIsolationLifecycle(IsolationWatch watch) {
		return new IsolationLifecycle(watch);
	}

	@Bean(destroyMethod = "close")
	IsolationWatch realtimeIsolationWatch(RealtimeNode node, IsolationProperties isolation,
			RealtimeProperties properties, ObjectProvider<Peers> known, ObjectProvider<PeersOfDatabase> database,
			NodeReadiness readiness, Loops loops) {
		Peers peers = known.getIfAvailable(() -> {
			if (!isolation.peers().isEmpty()) {
				return new HttpPeers(node.id(), isolation.peers(), loops);
			}
			PeersOfDatabase ofDatabase = database.getIfAvailable();
			return (ofDatabase != null) ? ofDatabase.peers() : Peers.NONE;
		});
		return new IsolationWatch(node, isolation.options(properties.drain().spread()), peers,
				(ready) -> readiness.set(NodeReadiness.Reason.ISOLATED, ready), loops);
	}

	/** Where nodes share a database beside the relay. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(EnginePool.class)
	@Conditional(OnFleet.class)
	static class DatabaseConfiguration {

		@Bean
		PeersOfDatabase realtimePeersOfDatabase(EnginePool pool, ObjectProvider<JdbcFleet> fleet, RealtimeNode node,
				RealtimeProperties properties, IsolationProperties isolation, Loops loops) {
			JdbcFleet alone = fleet.getIfAvailable();
			if (alone != null && !alone.isPostgresql()) {
				return new PeersOfDatabase(Peers.NONE);
			}
			JdbcDatabase database = new JdbcDatabase(pool.dataSource(), properties.jdbc().statementTimeout(),
					loops.environment());
			return new PeersOfDatabase(new JdbcPeers(database, node.id(), isolation.interval()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = "io.micrometer.core.instrument.binder.MeterBinder")
	static class MetricsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		IsolationMetrics realtimeIsolationMetrics(IsolationWatch watch) {
			return new IsolationMetrics(watch);
		}

	}

	/**
	 * What a node can learn from the database.
	 *
	 * @param peers none where the node is alone
	 */
	record PeersOfDatabase(Peers peers) {
	}

	/** A node whose topics are in its own memory and database has no relay to lose. */
	static class OnFleet extends AnyNestedCondition {

		OnFleet() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(name = "realtimeFleetRedis")
		static class InRedis {

		}

		@ConditionalOnBean(Relay.class)
		static class OverRelay {

		}

		@ConditionalOnBean(JdbcFleet.class)
		static class InDatabase {

		}

	}

}

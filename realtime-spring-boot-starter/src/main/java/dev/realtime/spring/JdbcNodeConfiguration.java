package dev.realtime.spring;

import java.sql.SQLException;

import javax.sql.DataSource;

import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.broker.jdbc.DatabaseUnusableException;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.jdbc.JdbcSchema;
import dev.realtime.loop.Loops;
import dev.realtime.node.FleetMember;
import dev.realtime.sequence.TopicCounter;
import dev.realtime.spring.jdbc.DurableBroker;
import dev.realtime.spring.jdbc.EnginePool;
import dev.realtime.spring.jdbc.JdbcTransactions;
import dev.realtime.spring.publisher.TransactionalPublishing;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jdbc.EmbeddedDatabaseConnection;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * The durable log in the application's own database, for {@code realtime.log=jdbc} and
 * {@code realtime.broker=jdbc}.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnExpression("'${realtime.log:broker}'.equalsIgnoreCase('jdbc') or '${realtime.broker:auto}'.equalsIgnoreCase('jdbc')")
@ConditionalOnClass(DataSourceUtils.class)
@ConditionalOnBean(DataSource.class)
@ConditionalOnMissingBean(Broker.class)
class JdbcNodeConfiguration {

	@Bean
	DurableDataSource realtimeDurableDataSource(ListableBeanFactory beans, RealtimeProperties properties) {
		return new DurableDataSource(
				ChosenBean.of(beans, DataSource.class, "realtime.jdbc.data-source", properties.jdbc().dataSource()));
	}

	/** Its tables are there before anybody asks for it. */
	@Bean(destroyMethod = "close")
	@DependsOnDatabaseInitialization
	EnginePool realtimeEnginePool(DurableDataSource durable, RealtimeProperties properties) {
		DataSource dataSource = durable.dataSource();
		JdbcProperties jdbc = properties.jdbc();
		boolean create = switch (jdbc.initializeSchema()) {
			case ALWAYS -> true;
			case EMBEDDED -> EmbeddedDatabaseConnection.isEmbedded(dataSource);
			case NEVER -> false;
		};
		if (create) {
			try {
				new JdbcSchema(dataSource).initialize();
			}
			catch (SQLException ex) {
				throw new DatabaseUnusableException(ex);
			}
		}
		int fleet = (properties.broker() == RealtimeProperties.BrokerKind.JDBC) ? JdbcProperties.FLEET_CONNECTIONS : 0;
		return EnginePool.of(dataSource, jdbc.ownPool(),
				fleet + jdbc.connections(properties.sequence() == RealtimeProperties.SequenceKind.REDIS),
				jdbc.connectionTimeout());
	}

	/** Behind the node's broker, which closes it. */
	@Bean(defaultCandidate = false, destroyMethod = "")
	@DurableBroker
	JdbcBroker realtimeJdbcBroker(EnginePool pool, FleetParts fleet, RealtimeProperties properties,
			ObjectProvider<TopicCounter> counters, Loops loops) {
		TopicCounter counter = counters.getIfAvailable();
		if (counter == null && properties.sequence() == RealtimeProperties.SequenceKind.REDIS) {
			throw new InvalidRealtimePropertyException("realtime.sequence", "redis",
					"needs Redis; set spring.data.redis.host, or realtime.sequence=log");
		}
		return new JdbcBroker(pool.dataSource(), fleet.relay(), counter,
				properties.jdbc().options(properties.publish().maxInFlight()), loops.environment().clock(), loops);
	}

	@Bean
	TransactionalPublishing realtimeTransactionalPublishing(@DurableBroker JdbcBroker broker, DurableDataSource durable,
			TopicPolicies policies, DurableTopics durableTopics, FleetMember node) {
		return new JdbcTransactions(broker, durable.dataSource(), policies, durableTopics, node::marked,
				node::noteCommitted);
	}

	/**
	 * The application's data source that the durable log is in.
	 *
	 * @param dataSource gives connections, which may be those of a transaction
	 */
	record DurableDataSource(DataSource dataSource) {
	}

}

package dev.realtime.spring;

import java.util.UUID;
import java.util.function.Supplier;

import dev.realtime.RealtimePublisher;
import dev.realtime.TopicPolicies;
import dev.realtime.broker.Broker;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.broker.RoutingBroker;
import dev.realtime.hub.HubOptions;
import dev.realtime.loop.Loops;
import dev.realtime.node.FleetMember;
import dev.realtime.node.RealtimeNode;
import dev.realtime.node.RealtimeNodeBuilder;
import dev.realtime.presence.Presence;
import dev.realtime.sequence.SequenceService;
import dev.realtime.spring.jdbc.DurableBroker;
import dev.realtime.spring.publisher.ApplicationPublisher;
import dev.realtime.spring.publisher.BrokerBreaker;
import dev.realtime.spring.publisher.GuardedPublisher;
import dev.realtime.spring.publisher.JsonConverter;
import dev.realtime.spring.publisher.PayloadConverter;
import dev.realtime.spring.publisher.PublicationObserver;
import dev.realtime.spring.publisher.RealtimeSignals;
import dev.realtime.spring.publisher.StoreObserver;
import dev.realtime.spring.publisher.TransactionalPublishing;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.messaging.simp.user.DefaultUserDestinationResolver;
import org.springframework.messaging.simp.user.UserDestinationResolver;
import org.springframework.util.function.SingletonSupplier;

/**
 * Makes this application a node: policies, broker, presence, the node itself, and the
 * publisher; or the publisher alone, see {@link Role}. Each bean backs off for the
 * application's own.
 */
@AutoConfiguration(afterName = { "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
		"org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
		"org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration",
		"org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration",
		"io.github.resilience4j.springboot3.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration",
		"io.github.resilience4j.springboot.circuitbreaker.autoconfigure.CircuitBreakerAutoConfiguration" })
@ConditionalOnProperty(name = "realtime.enabled", matchIfMissing = true)
@EnableConfigurationProperties({ RealtimeProperties.class, AmountLimitsProperties.class, RelayProperties.class,
		RoleProperties.class, GatewayProperties.class, RegionProperties.class, RegionsProperties.class,
		TracingProperties.class })
@Import({ RelayConfiguration.class, RegionConfiguration.class, RedisNodeConfiguration.class,
		JdbcFleetConfiguration.class, MemoryNodeConfiguration.class, JdbcNodeConfiguration.class,
		PublisherConfiguration.class })
public class RealtimeAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	TopicPolicies topicPolicies(RealtimeProperties properties) {
		return new ConfiguredTopicPolicies(properties);
	}

	@Bean
	@ConditionalOnConnections
	AddressConnections realtimeAddressConnections(AmountLimitsProperties amounts, RealtimeProperties properties) {
		return new AddressConnections(amounts.connectionsPerAddress(), new ClientAddress(properties.limits()));
	}

	@Bean
	@ConditionalOnMissingBean
	Destinations realtimeDestinations(ObjectProvider<UserDestinationResolver> resolver) {
		return new Destinations(() -> (resolver.getIfAvailable() instanceof DefaultUserDestinationResolver known)
				? known.getDestinationPrefix() : "/user/");
	}

	/** Started before it is given to anybody, so that publishing works from the start. */
	@Bean(initMethod = "start", destroyMethod = "close")
	@ConditionalOnMissingBean
	@ConditionalOnConnections
	RealtimeNode realtimeNode(RealtimeProperties properties, AmountLimitsProperties amounts, NodeId nodeId,
			Broker broker, Presence presence, TopicPolicies policies, Destinations destinations, Loops loops,
			ObjectProvider<EventLoops> eventLoops, ObjectProvider<ConnectionListener> listeners,
			TracingProperties tracing) {
		RealtimeNodeBuilder parts = RealtimeNode.builder(nodeId.value(), broker, presence)
			.options(hubOptions(properties, amounts))
			.policies(policies)
			.destinations(destinations::of)
			.loops(loops)
			.tracesToClients(tracing.tellsClients())
			.eventLoops(eventLoops.stream().flatMap((each) -> each.executors().stream()).toList());
		listeners.forEach(parts::subscribers);
		return parts.build();
	}

	/** Makes all background threads of this node; reported by health and metrics. */
	@Bean
	Loops realtimeLoops() {
		return new Loops();
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	Broker realtimeBroker(RealtimeProperties properties, FleetParts fleet, @DurableBroker ObjectProvider<Broker> jdbc,
			DurableTopics durableTopics) {
		if (!properties.usesDatabase()) {
			return fleet.broker();
		}
		boolean alone = properties.broker() == RealtimeProperties.BrokerKind.JDBC;
		Broker durable = jdbc.getIfAvailable(() -> {
			throw new InvalidRealtimePropertyException(alone ? "realtime.broker" : "realtime.log", "jdbc",
					"needs a DataSource and spring-jdbc; add spring-boot-starter-jdbc, a driver and spring.datasource.url");
		});
		return alone ? durable : new RoutingBroker(durable, fleet.broker(), durableTopics);
	}

	@Bean
	DurableTopics realtimeDurableTopics(RealtimeProperties properties, TopicPolicies policies) {
		return new DurableTopics(properties.usesDatabase(), properties.broker() == RealtimeProperties.BrokerKind.JDBC,
				policies);
	}

	@Bean
	@ConditionalOnConnections
	GatewayRules realtimeGatewayRules(BeanFactory beans, RoleProperties role, GatewayProperties gateway,
			RealtimeProperties properties, RelayProperties relay) {
		return new GatewayRules(beans, role, gateway, properties, relay);
	}

	@Bean
	NodeLifecycle realtimeNodeLifecycle(FleetMember node) {
		return new NodeLifecycle(node);
	}

	@Bean
	@ConditionalOnMissingBean
	NodeId realtimeNodeId(RealtimeProperties properties) {
		String configured = properties.nodeId();
		return new NodeId((configured != null) ? configured : UUID.randomUUID().toString());
	}

	@Bean
	@ConditionalOnMissingBean
	SequenceService sequenceService(Broker broker) {
		return broker.sequence();
	}

	@Bean
	@ConditionalOnProperty(name = "realtime.breaker.enabled", matchIfMissing = true)
	BrokerBreaker realtimeBrokerBreaker(RealtimeProperties properties,
			ObjectProvider<CircuitBreakerRegistry> registries) {
		return BrokerBreaker.of(registries.getIfUnique(), properties.breaker().config());
	}

	/** What the engine itself publishes through: the same limits, and its own topics. */
	@Bean(defaultCandidate = false)
	GuardedPublisher realtimeEnginePublisher(FleetMember node, RealtimeProperties properties,
			ObjectProvider<BrokerBreaker> breaker, ObjectProvider<TransactionalPublishing> transactions,
			ObjectProvider<StoreObserver> observers) {
		Supplier<StoreObserver> observer = SingletonSupplier
			.of(() -> observers.getIfAvailable(() -> StoreObserver.NONE));
		RealtimePublisher publisher = (publication) -> (publication.content().trace() != null)
				? observer.get().store(publication, node::publish) : node.publish(publication);
		BrokerBreaker before = breaker.getIfAvailable();
		if (before != null) {
			publisher = before.before(publisher);
		}
		return new GuardedPublisher(publisher, properties.publish().maxPayload().toBytes(),
				properties.publish().maxInFlight(), properties.publish().fullWait(), properties.publish().waitTime(),
				transactions.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean
	RealtimePublisher realtimePublisher(@Qualifier("realtimeEnginePublisher") GuardedPublisher engine,
			ObjectProvider<PayloadConverter> converter, ObjectProvider<PublicationObserver> observers) {
		return new ApplicationPublisher(engine, converter::getObject,
				SingletonSupplier.of(() -> observers.getIfAvailable(() -> PublicationObserver.NONE)));
	}

	@Bean
	@ConditionalOnMissingBean
	RealtimeSignals realtimeSignals(FleetMember node, RealtimeProperties properties,
			ObjectProvider<JsonConverter> converter) {
		return new RealtimeSignals(node::signal, converter::getObject, properties.signals().maxPayload().toBytes(),
				properties.publish().maxInFlight());
	}

	private static HubOptions hubOptions(RealtimeProperties properties, AmountLimitsProperties amounts) {
		return HubOptions.builder()
			.shards(properties.effectiveShards())
			.queueMessages(properties.queue().maxMessages())
			.queueBytes((int) Math.min(Integer.MAX_VALUE, properties.queue().maxBytes().toBytes()))
			.maxSubscriptions(properties.limits().subscriptionsPerConnection())
			.patternTopics(properties.limits().topicsPerPattern())
			.maxPatterns(properties.limits().patterns())
			.maxReplay(properties.recovery().maxMessages())
			.pageSize(properties.recovery().pageSize())
			.sharedReplayBytes(properties.recovery().shared().toBytes())
			.logReads(amounts.logReads())
			.logReadsWaiting(amounts.logReadsWaiting())
			.linger(properties.repair().subscriptionLinger())
			.checkInterval(properties.repair().checkInterval())
			.openTimeout(properties.limits().subscribeTimeout())
			.writeTimeout(properties.limits().writeTimeout())
			.build();
	}

}

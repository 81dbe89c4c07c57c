package dev.realtime.spring;

import dev.realtime.spring.offline.OfflineHandler;

import org.springframework.beans.factory.ListableBeanFactory;

/**
 * What contradicts {@code realtime.role=publisher}: properties and beans that only make
 * sense where there are connections. An application that lost its endpoint by the role
 * alone must not seem to serve clients.
 */
final class PublisherRules {

	private final ListableBeanFactory beans;

	private final RealtimeProperties properties;

	private final RelayProperties relay;

	private final AmountLimitsProperties amounts;

	PublisherRules(ListableBeanFactory beans, RealtimeProperties properties, RelayProperties relay,
			AmountLimitsProperties amounts) {
		this.beans = beans;
		this.properties = properties;
		this.relay = relay;
		this.amounts = amounts;
	}

	/**
	 * Checks.
	 * @throws InvalidRealtimePropertyException naming the first contradiction
	 */
	void check() {
		check(!this.beans.containsBean("simpleBrokerMessageHandler"),
				"has no STOMP endpoint, but this application has @EnableWebSocketMessageBroker, to whose clients no "
						+ "access rule would apply; remove that annotation, or realtime.role");
		check(this.properties.netty().port() == null, "has no endpoint; remove realtime.netty.port");
		check(!this.properties.security().tickets(), "accepts no clients; remove realtime.security.tickets");
		check(!this.properties.userRegistry().fleetWide(),
				"does not hear of users; remove realtime.user-registry.fleet-wide");
		check(this.beans.getBeanNamesForType(OfflineHandler.class, true, false).length == 0,
				"does not hear of users, so that OfflineHandler beans would never be called; remove them");
		check(this.amounts.fleetConnectionsPerUser() == 0,
				"has no connections; remove realtime.limits.fleet-connections-per-user");
		check(this.relay.type() != RelayProperties.Type.LOCAL,
				"publishes to other processes, but realtime.relay.type=local reaches none; remove realtime.relay.type");
	}

	/** Refuses topics that are kept where no node sees them. */
	static InvalidRealtimePropertyException alone() {
		return refused("publishes to the nodes that share its Redis or its PostgreSQL, but has neither; remove "
				+ "realtime.broker=memory, and set spring.data.redis.host, or realtime.broker=jdbc with PostgreSQL");
	}

	private static void check(boolean legal, String why) {
		if (!legal) {
			throw refused(why);
		}
	}

	private static InvalidRealtimePropertyException refused(String why) {
		return new InvalidRealtimePropertyException(Role.PROPERTY, Role.PUBLISHER.word(), why);
	}

}

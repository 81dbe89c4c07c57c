package dev.realtime.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.limits}: how much of a node, or of the fleet, clients may take together
 * with others that have the same address or user.
 *
 * @param connectionsPerAddress most connections that one address may have on this node,
 * counted from the moment a socket or stream is open; an IPv6 network of 64 bits is one
 * address. 0 means any number
 * @param fleetConnectionsPerUser most connections that one user may have on all nodes;
 * needs Redis. 0 means any number
 * @param logReads how many reads of the log that clients cause may be under way on this
 * node: recoveries, rewinds and requests over HTTP
 * @param logReadsWaiting how many more of them may wait; others are refused
 */
@ConfigurationProperties("realtime.limits")
public record AmountLimitsProperties(@DefaultValue("1000") int connectionsPerAddress,
		@DefaultValue("0") int fleetConnectionsPerUser, @DefaultValue("64") int logReads,
		@DefaultValue("10000") int logReadsWaiting) {

	public AmountLimitsProperties {
		PropertyBounds.range("realtime.limits.connections-per-address", connectionsPerAddress, 0, 1_000_000);
		PropertyBounds.range("realtime.limits.fleet-connections-per-user", fleetConnectionsPerUser, 0, 1_000_000);
		PropertyBounds.range("realtime.limits.log-reads", logReads, 1, 100_000);
		PropertyBounds.range("realtime.limits.log-reads-waiting", logReadsWaiting, 0, 10_000_000);
	}

}

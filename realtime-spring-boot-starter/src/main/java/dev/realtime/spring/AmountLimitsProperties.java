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
 */
@ConfigurationProperties("realtime.limits")
public record AmountLimitsProperties(@DefaultValue("1000") int connectionsPerAddress) {

	public AmountLimitsProperties {
		PropertyBounds.range("realtime.limits.connections-per-address", connectionsPerAddress, 0, 1_000_000);
	}

}

package dev.realtime.spring;

import java.time.Duration;
import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * {@code realtime.limits}: what a client may do.
 *
 * @param maxFrameSize largest STOMP frame that a client may send
 * @param maxHeaders most headers that a client's frame may have
 * @param maxHeaderSize largest header line, name and value, in a client's frame
 * @param maxCredentialsSize largest header line of CONNECT that brings credentials:
 * Authorization, login or passcode
 * @param subscriptionsPerConnection most subscriptions that one connection may have
 * @param topicsPerPattern most topics that a subscription with a wildcard follows at
 * once; 0 means that there are no such subscriptions
 * @param patterns most different wildcard subscriptions that the connections of this node
 * may have; any number of connections may share one
 * @param connectionsPerUser most connections that one user may have on this node; 0 means
 * any number
 * @param inboundPending how many frames of one connection may wait to be handled before
 * it is no longer read from
 * @param inboundBytes how many bytes of such frames may wait on the Netty listener
 * @param subscribeTimeout how long a subscription waits for Redis before its connection
 * is closed with 1013
 * @param writeTimeout how long a socket may take nothing before it is closed
 * @param connectTimeout how long a client may take to send its CONNECT, and that may take
 * to be answered, before the connection is closed with 1008
 * @param transactions most STOMP transactions that one connection may have open; 0 for
 * none
 * @param transactionSize most bytes of SENDs that wait for their COMMIT, for each
 * connection
 * @param sockjsHttpConnections most connections over SockJS's HTTP transports on this
 * node: each needs a thread while its client does not read
 * @param connectionAge after this time a client is asked to reconnect, up to a fifth
 * earlier, so that connections do not end together; 0 means never
 * @param exemptAddresses ranges of addresses that limits for each address do not concern:
 * those of proxies, behind which all clients have one address. The word private stands
 * for private addresses and those of this machine
 */
public record LimitsProperties(@DefaultValue("64KB") DataSize maxFrameSize, @DefaultValue("64") int maxHeaders,
		@DefaultValue("4KB") DataSize maxHeaderSize, @DefaultValue("16KB") DataSize maxCredentialsSize,
		@DefaultValue("200") int subscriptionsPerConnection, @DefaultValue("1000") int topicsPerPattern,
		@DefaultValue("100") int patterns, @DefaultValue("100") int connectionsPerUser,
		@DefaultValue("64") int inboundPending, @DefaultValue("256KB") DataSize inboundBytes,
		@DefaultValue("10s") Duration subscribeTimeout, @DefaultValue("30s") Duration writeTimeout,
		@DefaultValue("10s") Duration connectTimeout, @DefaultValue("10") int transactions,
		@DefaultValue("256KB") DataSize transactionSize, @DefaultValue("1000") int sockjsHttpConnections,
		@DefaultValue("0s") Duration connectionAge, @DefaultValue("private") List<String> exemptAddresses) {

	public LimitsProperties {
		AddressRanges.of("realtime.limits.exempt-addresses", exemptAddresses);
		exemptAddresses = List.copyOf(exemptAddresses);
		PropertyBounds.check(
				connectionAge.isZero() || (connectionAge.compareTo(Duration.ofSeconds(10)) >= 0
						&& connectionAge.compareTo(Duration.ofDays(365)) <= 0),
				"realtime.limits.connection-age", PropertyBounds.text(connectionAge), "must be 0, or 10s to 365d");
		PropertyBounds.positive("realtime.limits.connect-timeout", connectTimeout);
		PropertyBounds.range("realtime.limits.transactions", transactions, 0, 1_000);
		PropertyBounds.size("realtime.limits.transaction-size", transactionSize, 1_024);
		PropertyBounds.size("realtime.limits.max-frame-size", maxFrameSize, 1_024);
		PropertyBounds.range("realtime.limits.max-headers", maxHeaders, 8, 10_000);
		PropertyBounds.size("realtime.limits.max-header-size", maxHeaderSize, 64);
		PropertyBounds.check(
				maxCredentialsSize.toBytes() >= 64 && maxCredentialsSize.compareTo(DataSize.ofMegabytes(1)) <= 0,
				"realtime.limits.max-credentials-size", maxCredentialsSize, "must be 64B to 1MB");
		PropertyBounds.range("realtime.limits.subscriptions-per-connection", subscriptionsPerConnection, 1, 1_000_000);
		PropertyBounds.range("realtime.limits.topics-per-pattern", topicsPerPattern, 0, 100_000);
		PropertyBounds.range("realtime.limits.patterns", patterns, 1, 10_000);
		PropertyBounds.range("realtime.limits.connections-per-user", connectionsPerUser, 0, 1_000_000);
		PropertyBounds.range("realtime.limits.inbound-pending", inboundPending, 1, 100_000);
		PropertyBounds.size("realtime.limits.inbound-bytes", inboundBytes, 1_024);
		PropertyBounds.positive("realtime.limits.subscribe-timeout", subscribeTimeout);
		PropertyBounds.positive("realtime.limits.write-timeout", writeTimeout);
		PropertyBounds.range("realtime.limits.sockjs-http-connections", sockjsHttpConnections, 0, 100_000);
	}

	/**
	 * Returns the bytes of the largest frame, a CONNECT with credentials included.
	 */
	public int largestFrame() {
		long connect = this.maxCredentialsSize.toBytes() + this.maxHeaderSize.toBytes();
		return (int) Math.min(Integer.MAX_VALUE, Math.max(this.maxFrameSize.toBytes(), connect));
	}

}

package dev.realtime.spring;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What counts as one address where clients are limited by address: an IPv4 address, or
 * the first 64 bits of an IPv6 address, because a subscriber is commonly given that many
 * addresses (RFC 6177, section 2). Not for applications. Safe for any number of threads.
 */
public final class ClientAddress {

	private static final int NETWORK_BYTES = 8;

	private final AddressRanges exempt;

	/**
	 * Makes what knows addresses.
	 * @param limits {@code realtime.limits}, which exempts ranges
	 */
	public ClientAddress(LimitsProperties limits) {
		this(limits.exemptAddresses());
	}

	/**
	 * Makes what knows addresses.
	 * @param exempt ranges that are exempt from limits
	 */
	public ClientAddress(List<String> exempt) {
		this.exempt = AddressRanges.of("realtime.limits.exempt-addresses", exempt);
	}

	/**
	 * Returns what the limits of addresses count the client under.
	 * @param address the client's, after trusted proxies
	 * @return a text such as {@code 192.0.2.7} or {@code 2001:db8:0:1:0:0:0:0/64}, or
	 * null if the address is not known or exempt from limits
	 */
	public @Nullable String limited(@Nullable InetSocketAddress address) {
		InetAddress known = (address != null) ? address.getAddress() : null;
		return (known == null || this.exempt.contains(known)) ? null : scope(known);
	}

	private static String scope(InetAddress address) {
		if (!(address instanceof Inet6Address)) {
			return address.getHostAddress();
		}
		byte[] network = address.getAddress();
		Arrays.fill(network, NETWORK_BYTES, network.length, (byte) 0);
		try {
			return InetAddress.getByAddress(network).getHostAddress() + "/64";
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException("An address of 16 bytes is always valid", ex);
		}
	}

}

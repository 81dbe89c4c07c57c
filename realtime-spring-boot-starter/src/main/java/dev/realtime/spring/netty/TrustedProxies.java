package dev.realtime.spring.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import dev.realtime.spring.InvalidRealtimePropertyException;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The proxies that are believed when they say who the client is. Only
 * {@code X-Forwarded-For} is read: a proxy that sets one header passes the other one on
 * as the client wrote it, so a reader of both can be lied to.
 */
final class TrustedProxies {

	private static final String HEADER = "X-Forwarded-For";

	private final List<IpSubnetFilterRule> ranges;

	TrustedProxies(List<String> ranges) {
		this.ranges = ranges.stream().map(TrustedProxies::range).toList();
	}

	boolean contains(InetSocketAddress address) {
		for (IpSubnetFilterRule range : this.ranges) {
			if (range.matches(address)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The last address in the header that is not a trusted proxy's: what stands before it
	 * came from that client, who may have written anything.
	 * @param peer who sent the request
	 * @param request its header may have several lines
	 */
	InetSocketAddress client(InetSocketAddress peer, HttpRequest request) {
		if (!contains(peer)) {
			return peer;
		}
		String[] hops = StringUtils.commaDelimitedListToStringArray(String.join(",", request.headers().getAll(HEADER)));
		InetSocketAddress client = peer;
		for (int i = hops.length - 1; i >= 0 && contains(client); i--) {
			InetSocketAddress hop = hop(hops[i].strip());
			if (hop == null) {
				return client;
			}
			client = hop;
		}
		return client;
	}

	/** An address, with or without its port; IPv6 in brackets or not. */
	private static @Nullable InetSocketAddress hop(String text) {
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(text);
		if (address != null) {
			return new InetSocketAddress(address, 0);
		}
		int colon = text.lastIndexOf(':');
		if (colon < 0 || !text.substring(colon + 1).matches("\\d{1,5}")) {
			return null;
		}
		address = NetUtil.createInetAddressFromIpAddressString(text.substring(0, colon));
		int port = Integer.parseInt(text.substring(colon + 1));
		return (address != null && port <= 0xFFFF) ? new InetSocketAddress(address, port) : null;
	}

	/** Names are not looked up: a range is numbers. */
	private static IpSubnetFilterRule range(String text) {
		int slash = text.indexOf('/');
		InetAddress address = NetUtil
			.createInetAddressFromIpAddressString((slash < 0) ? text : text.substring(0, slash));
		try {
			if (address != null) {
				int bits = (slash < 0) ? address.getAddress().length * 8 : Integer.parseInt(text.substring(slash + 1));
				return new IpSubnetFilterRule(address, bits, IpFilterRuleType.ACCEPT);
			}
		}
		catch (IllegalArgumentException ex) {
			// Said below.
		}
		throw new InvalidRealtimePropertyException("realtime.netty.trusted-proxies", text,
				"must be address ranges such as 10.0.0.0/8, 192.0.2.7 or fd00::/8");
	}

}

package dev.realtime.spring.netty;

import java.net.InetSocketAddress;
import java.util.function.Predicate;

import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.spring.NettyProperties;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.ClassUtils;

/**
 * What a connection passes before its HTTP request: the PROXY protocol's header, then
 * TLS.
 */
final class ConnectionSetup {

	private static final AttributeKey<InetSocketAddress> PEER = AttributeKey.valueOf(ConnectionSetup.class, "peer");

	private static final String PROXY_CODEC = "io.netty.handler.codec.haproxy.HAProxyMessageDecoder";

	private final TrustedProxies proxies;

	private final boolean proxyProtocol;

	private final @Nullable ServerTls tls;

	ConnectionSetup(NettyProperties properties, @Nullable SslBundles bundles) {
		this.proxies = new TrustedProxies(properties.trustedProxies());
		this.proxyProtocol = properties.proxyProtocol();
		String bundle = properties.sslBundle();
		this.tls = (bundle != null) ? new ServerTls(bundle, bundles, properties.handshakeTimeout()) : null;
		if (this.proxyProtocol && !ClassUtils.isPresent(PROXY_CODEC, null)) {
			throw new InvalidRealtimePropertyException("realtime.netty.proxy-protocol", true,
					"needs io.netty:netty-codec-haproxy; add this dependency, or remove the property");
		}
	}

	TrustedProxies proxies() {
		return this.proxies;
	}

	/** Whether a header says who the client is, and not the socket. */
	boolean hidesPeers() {
		return this.proxyProtocol;
	}

	boolean hasTls() {
		return this.tls != null;
	}

	/**
	 * Adds what reads the connection's beginning.
	 * @param admits whether the client that a header names may connect
	 * @return false if this peer may not connect: it should be a proxy and is none
	 */
	boolean prepare(Channel channel, Predicate<Channel> admits) {
		if (this.proxyProtocol) {
			if (!this.proxies.contains((InetSocketAddress) channel.remoteAddress())) {
				return false;
			}
			ProxyHeader.expect(channel, admits);
		}
		if (this.tls != null) {
			channel.pipeline().addLast(this.tls.handler(channel));
		}
		return true;
	}

	/** Who connected: the socket's other end, or whom the PROXY header names. */
	static InetSocketAddress peer(Channel channel) {
		InetSocketAddress named = channel.hasAttr(PEER) ? channel.attr(PEER).get() : null;
		return (named != null) ? named : (InetSocketAddress) channel.remoteAddress();
	}

	static void setPeer(Channel channel, InetSocketAddress peer) {
		channel.attr(PEER).set(peer);
	}

}

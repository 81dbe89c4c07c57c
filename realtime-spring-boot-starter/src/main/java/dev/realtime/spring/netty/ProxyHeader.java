package dev.realtime.spring.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Predicate;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;

/**
 * Takes the client's address from the PROXY protocol header, version 1 or 2, which comes
 * before everything else, TLS included. A proxy's own connections (LOCAL) and what is not
 * TCP have none. Alone in importing Netty's codec for it, which only an application that
 * uses it has.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {

	private final Predicate<Channel> admits;

	private ProxyHeader(Predicate<Channel> admits) {
		this.admits = admits;
	}

	/**
	 * Adds what reads the header; whatever is added next sees what follows it.
	 * @param admits whether the client that the header names may connect
	 */
	static void expect(Channel channel, Predicate<Channel> admits) {
		channel.pipeline().addLast(new HAProxyMessageDecoder()).addLast(new ProxyHeader(admits));
	}

	@Override
	protected void channelRead0(ChannelHandlerContext context, HAProxyMessage header) {
		if (header.command() == HAProxyCommand.PROXY && isTcp(header.proxiedProtocol())) {
			InetAddress source = NetUtil.createInetAddressFromIpAddressString(header.sourceAddress());
			if (source == null) {
				// An IPv6 address with a zone that is no number: "fe80::1%eth0".
				throw new HAProxyProtocolException("The client's address cannot be read");
			}
			ConnectionSetup.setPeer(context.channel(), new InetSocketAddress(source, header.sourcePort()));
		}
		context.pipeline().remove(this);
		if (!this.admits.test(context.channel())) {
			context.close();
		}
	}

	private static boolean isTcp(HAProxyProxiedProtocol protocol) {
		return protocol == HAProxyProxiedProtocol.TCP4 || protocol == HAProxyProxiedProtocol.TCP6;
	}

}

package dev.realtime.bench.server;

import java.net.InetSocketAddress;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * Closes each connection when its first byte has come: the least that can be done with a
 * client. An attack on it costs the machine what attackers cost it by themselves.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class ClosingServer {

	private ClosingServer() {
	}

	/** Listens on the port, or on a free one for 0; returns it. */
	static int start(int port) {
		EventLoopGroup group = Epoll.isAvailable() ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1);
		Channel door = new ServerBootstrap().group(group)
			.channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
			.option(ChannelOption.SO_BACKLOG, 4096)
			.childHandler(new Closing())
			.bind(port)
			.syncUninterruptibly()
			.channel();
		return ((InetSocketAddress) door.localAddress()).getPort();
	}

	@ChannelHandler.Sharable
	private static final class Closing extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			io.netty.util.ReferenceCountUtil.release(message);
			context.close();
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

}

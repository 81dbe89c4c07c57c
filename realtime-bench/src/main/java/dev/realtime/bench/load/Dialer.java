package dev.realtime.bench.load;

import java.net.InetSocketAddress;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Opens WebSockets to one target, all on one event loop. */
public final class Dialer {

	private static final int TIMEOUT_MILLIS = 60_000;

	private final Target target;

	private final Bootstrap bootstrap;

	private final @Nullable SslContext tls;

	/**
	 * Makes one.
	 * @param receiveBuffer bytes of the sockets' receive buffers, 0 for the system's
	 */
	public Dialer(EventLoop loop, Target target, int receiveBuffer) {
		this.target = target;
		this.tls = target.tls() ? tls(target.insecure()) : null;
		// Resolved for each connection, as the system's cache decides.
		this.bootstrap = new Bootstrap().group(loop)
			.channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, TIMEOUT_MILLIS)
			.remoteAddress(InetSocketAddress.createUnresolved(target.host(), target.port()));
		if (receiveBuffer > 0) {
			this.bootstrap.option(ChannelOption.SO_RCVBUF, receiveBuffer);
		}
	}

	/** One event loop, of the best kind that this system has. */
	public static EventLoopGroup group() {
		return Epoll.isAvailable() ? new EpollEventLoopGroup(1) : new NioEventLoopGroup(1);
	}

	/**
	 * Connects a socket. What happens after the connection is told to the socket.
	 * @param client the client's number, for the headers
	 * @param protocol the sub-protocol to ask for, or an empty text
	 */
	public ChannelFuture dial(WebSocket socket, int client, String protocol) {
		Handshake handshake = new Handshake(socket, this.target.request(client, protocol));
		return this.bootstrap.clone().handler(new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel channel) {
				if (Dialer.this.tls != null) {
					channel.pipeline().addLast(encryption(Dialer.this.tls, channel));
				}
				channel.pipeline().addLast(handshake, socket);
			}

		}).connect();
	}

	private SslHandler encryption(SslContext context, Channel channel) {
		SslHandler handler = context.newHandler(channel.alloc(), this.target.host(), this.target.port());
		if (!this.target.insecure()) {
			SSLParameters parameters = handler.engine().getSSLParameters();
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
			handler.engine().setSSLParameters(parameters);
		}
		return handler;
	}

	private static SslContext tls(boolean insecure) {
		try {
			SslContextBuilder builder = SslContextBuilder.forClient();
			return (insecure ? builder.trustManager(InsecureTrustManagerFactory.INSTANCE) : builder).build();
		}
		catch (SSLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}

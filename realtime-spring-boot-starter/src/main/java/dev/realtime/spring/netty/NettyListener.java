package dev.realtime.spring.netty;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.realtime.spring.NettyProperties;
import dev.realtime.spring.NodePart;
import dev.realtime.spring.netty.ListenerStats.Refused;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens while the application runs. It starts last and stops accepting before the node
 * closes; the node closes the connections.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class NettyListener implements NodePart {

	/** As Boot's web server: starts last, stops before everything it needs. */
	private static final int PHASE = Integer.MAX_VALUE - 2048;

	/**
	 * Handshakes that wait for an answer may exceed the number of connections by this.
	 */
	private static final int SPARE = 1_000;

	private static final Logger logger = LoggerFactory.getLogger(NettyListener.class);

	private final NettyProperties properties;

	private final int maxCredentials;

	private final NettyLoops loops;

	private final ConnectionSetup entrance;

	private final Supplier<ListenerContext> context;

	private final Consumer<Integer> listening;

	private volatile @Nullable Channel server;

	/**
	 * Makes a listener.
	 * @param maxCredentials bytes of credentials that a request may have besides the rest
	 * of its line and headers
	 * @param listening told of the port each time that it has begun to listen
	 */
	NettyListener(NettyProperties properties, int maxCredentials, NettyLoops loops, ConnectionSetup entrance,
			Supplier<ListenerContext> context, Consumer<Integer> listening) {
		this.properties = properties;
		this.maxCredentials = maxCredentials;
		this.loops = loops;
		this.entrance = entrance;
		this.context = context;
		this.listening = listening;
	}

	/** The port it listens on, or -1 while it does not. */
	int port() {
		Channel known = this.server;
		return (known != null) ? ((InetSocketAddress) known.localAddress()).getPort() : -1;
	}

	@Override
	public void start() {
		ListenerContext shared = this.context.get();
		int port = Objects.requireNonNull(this.properties.port());
		String address = this.properties.address();
		ChannelFuture bound = new ServerBootstrap().group(this.loops.group())
			.channelFactory(this.loops.servers())
			.option(ChannelOption.SO_BACKLOG, this.properties.backlog())
			.option(ChannelOption.SO_REUSEADDR, true)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childHandler(new Connecting(shared))
			.localAddress((address != null) ? new InetSocketAddress(address, port) : new InetSocketAddress(port))
			.bind()
			.awaitUninterruptibly();
		if (!bound.isSuccess()) {
			throw new IllegalStateException(
					"realtime.netty.port: cannot listen on port " + port + ((address != null) ? " of " + address : "")
							+ "; stop the process that uses it or set another port",
					bound.cause());
		}
		this.server = bound.channel();
		this.listening.accept(port());
		logger.info("Netty listens on port {} for {} ({}{})", port(), shared.endpoints().below(shared.paths().prefix()),
				this.entrance.hasTls() ? "TLS, " : "", this.loops.isNative() ? "epoll" : "NIO");
	}

	@Override
	public void stop() {
		Channel known = this.server;
		if (known != null) {
			this.server = null;
			known.close().awaitUninterruptibly();
		}
	}

	@Override
	public boolean isRunning() {
		return this.server != null;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/** Prepares each accepted connection for its handshake. */
	private final class Connecting extends ChannelInitializer<SocketChannel> {

		private final ListenerContext shared;

		Connecting(ListenerContext shared) {
			this.shared = shared;
		}

		@Override
		protected void initChannel(SocketChannel channel) {
			ListenerStats stats = this.shared.stats();
			int now = stats.connected();
			channel.closeFuture().addListener((closed) -> stats.disconnected());
			if (now > this.shared.maxConnections() + SPARE) {
				close(channel, Refused.FULL);
				return;
			}
			if (!NettyListener.this.entrance.hidesPeers() && !admits(channel)) {
				channel.close();
				return;
			}
			if (!NettyListener.this.entrance.prepare(channel, this::admits)) {
				close(channel, Refused.PROXY);
				return;
			}
			NettyProperties limits = NettyListener.this.properties;
			Future<?> deadline = channel.eventLoop()
				.schedule(() -> close(channel, Refused.TIMEOUT), limits.handshakeTimeout().toMillis(),
						TimeUnit.MILLISECONDS);
			int size = (int) limits.maxHandshakeSize().toBytes();
			channel.pipeline()
				.addLast(new HttpServerCodec(size + NettyListener.this.maxCredentials,
						size + NettyListener.this.maxCredentials, size))
				.addLast(new RequestAggregator(this.shared))
				.addLast(new HandshakeHandler(this.shared, deadline));
		}

		/** Whether the client's address may have one connection more. */
		private boolean admits(Channel channel) {
			boolean admitted = AddressPlace.connected(channel, ConnectionSetup.peer(channel), this.shared);
			if (!admitted) {
				this.shared.stats().refused(Refused.ADDRESS);
				this.shared.refused(channel, "too-many-connections");
			}
			return admitted;
		}

		private void close(Channel channel, Refused reason) {
			this.shared.stats().refused(reason);
			this.shared.refused(channel,
					(reason == Refused.FULL) ? "full" : (reason == Refused.PROXY) ? "proxy" : "too-slow");
			channel.close();
		}

	}

}

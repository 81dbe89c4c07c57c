package dev.realtime.bench.server;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/**
 * What this machine could do at best: the bytes of our MESSAGE frames, written by event
 * loops to every channel, with nothing that makes a product: no topics, numbers, log,
 * users, bounds or order between loops. What is ready is one shared buffer and one write
 * for each channel.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class BareNetty {

	private final Map<EventLoop, Loop> loops = new ConcurrentHashMap<>();

	private final AtomicLong seq = new AtomicLong();

	private BareNetty(EventLoopGroup group) {
		group.forEach((loop) -> this.loops.put((EventLoop) loop, new Loop((EventLoop) loop)));
	}

	/** Listens on the port, or on a free one for 0; returns it. */
	static int start(int port) {
		EventLoopGroup group = Epoll.isAvailable() ? new EpollEventLoopGroup(cores()) : new NioEventLoopGroup(cores());
		BareNetty server = new BareNetty(group);
		Channel door = new ServerBootstrap().group(group)
			.channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
			.option(ChannelOption.SO_BACKLOG, 4096)
			.childHandler(new ChannelInitializer<SocketChannel>() {
				@Override
				protected void initChannel(SocketChannel channel) {
					channel.pipeline()
						.addLast(new HttpServerCodec(), new HttpObjectAggregator(8_192),
								new WebSocketServerProtocolHandler("/realtime", "v12.stomp"), server.new Stomp());
				}
			})
			.bind(port)
			.syncUninterruptibly()
			.channel();
		return ((InetSocketAddress) door.localAddress()).getPort();
	}

	private static int cores() {
		return Runtime.getRuntime().availableProcessors();
	}

	private void publish(String body) {
		byte[] bytes = BareFrames.message(this.seq.incrementAndGet(), body);
		this.loops.values().forEach((loop) -> loop.loop.execute(() -> loop.add(bytes)));
	}

	/** The channels of one event loop, and what is to be written to all of them. */
	private static final class Loop {

		final EventLoop loop;

		private final List<Channel> channels = new ArrayList<>();

		private final List<byte[]> ready = new ArrayList<>();

		Loop(EventLoop loop) {
			this.loop = loop;
		}

		void add(byte[] frame) {
			this.ready.add(frame);
			if (this.ready.size() == 1) {
				this.loop.execute(this::flush);
			}
		}

		private void flush() {
			if (this.channels.isEmpty()) {
				this.ready.clear();
				return;
			}
			ByteBuf all = this.channels.get(0).alloc().directBuffer(512 * this.ready.size());
			for (byte[] frame : this.ready) {
				all.writeByte(0x81).writeByte(126).writeShort(frame.length).writeBytes(frame);
			}
			this.ready.clear();
			// From the end: a channel that fails is taken out.
			for (int i = this.channels.size() - 1; i >= 0; i--) {
				Channel channel = this.channels.get(i);
				channel.unsafe().write(all.retainedDuplicate(), channel.voidPromise());
				channel.unsafe().flush();
			}
			all.release();
		}

	}

	/** As much STOMP as a load client needs. */
	private final class Stomp extends SimpleChannelInboundHandler<WebSocketFrame> {

		@Override
		protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
			for (String text : frame.content().toString(StandardCharsets.UTF_8).split("\0", 0)) {
				handle(context, text.strip());
			}
		}

		private void handle(ChannelHandlerContext context, String frame) {
			if (frame.startsWith("CONNECT")) {
				context.writeAndFlush(new TextWebSocketFrame(BareFrames.CONNECTED));
			}
			else if (frame.startsWith("SUBSCRIBE")) {
				Loop loop = BareNetty.this.loops.get(context.channel().eventLoop());
				if (loop != null) {
					loop.channels.add(context.channel());
					context.channel().closeFuture().addListener((closed) -> loop.channels.remove(context.channel()));
				}
				context.writeAndFlush(new TextWebSocketFrame(BareFrames.LIVE));
			}
			else if (frame.startsWith("SEND")) {
				publish(BareFrames.body(frame));
			}
		}

	}

}

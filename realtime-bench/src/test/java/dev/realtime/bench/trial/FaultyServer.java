package dev.realtime.bench.trial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.bench.load.Dialer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/**
 * A server of one topic that speaks as the starter does, but makes a mistake with the
 * fifth message for the first of its subscribers.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class FaultyServer implements AutoCloseable {

	private static final int FIFTH = 5;

	private final Mistake mistake;

	private final EventLoopGroup group = Dialer.group();

	private final int port;

	private final Map<Channel, String> subscribers = new LinkedHashMap<>();

	private int seq;

	private String heldBack = "";

	FaultyServer(Mistake mistake) {
		this.mistake = mistake;
		Channel door = new ServerBootstrap().group(this.group)
			.channel(Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
			.childHandler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline()
						.addLast(new HttpServerCodec(), new HttpObjectAggregator(8192),
								new WebSocketServerProtocolHandler("/realtime", "v12.stomp"), new Conversation());
				}

			})
			.bind(InetAddress.getLoopbackAddress(), 0)
			.syncUninterruptibly()
			.channel();
		this.port = ((InetSocketAddress) door.localAddress()).getPort();
	}

	int port() {
		return this.port;
	}

	@Override
	public void close() {
		this.group.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly(5_000);
	}

	private void publish(String body) {
		this.seq++;
		boolean first = true;
		for (Channel subscriber : this.subscribers.keySet()) {
			String message = "MESSAGE\nsubscription:load\nmessage-id:E-" + this.seq
					+ "\ndestination:/topic/bench.0\nepoch:E\nseq:" + this.seq + "\n\n" + body + '\0';
			deliver(subscriber, message, first);
			first = false;
		}
	}

	private void deliver(Channel subscriber, String message, boolean first) {
		if (first && !this.heldBack.isEmpty()) {
			say(subscriber, message);
			say(subscriber, this.heldBack);
			this.heldBack = "";
			return;
		}
		if (!first || this.seq != FIFTH) {
			say(subscriber, message);
			return;
		}
		switch (this.mistake) {
			case LOSE -> {
			}
			case SILENCE -> say(subscriber, message);
			case DOUBLE -> {
				say(subscriber, message);
				say(subscriber, message);
			}
			case REORDER -> this.heldBack = message;
		}
	}

	private static void say(Channel channel, String frame) {
		channel.writeAndFlush(new TextWebSocketFrame(frame));
	}

	/** What goes wrong. */
	enum Mistake {

		LOSE, DOUBLE, REORDER,

		/** No heartbeats, although it promised some. */
		SILENCE

	}

	/** With one client. */
	private final class Conversation extends SimpleChannelInboundHandler<TextWebSocketFrame> {

		@Override
		protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame message) {
			String frame = message.text();
			if (frame.startsWith("CONNECT")) {
				say(context.channel(), "CONNECTED\nversion:1.2\n"
						+ ((FaultyServer.this.mistake == Mistake.SILENCE) ? "heart-beat:1000,0\n" : "") + "\n\0");
			}
			else if (frame.startsWith("SUBSCRIBE")) {
				FaultyServer.this.subscribers.put(context.channel(), "load");
				say(context.channel(), "RECEIPT\nreceipt-id:live\nepoch:E\nseq:" + FaultyServer.this.seq + "\n\n\0");
			}
			else {
				publish(frame.substring(frame.indexOf("\n\n") + 2, frame.length() - 1));
				int receipt = frame.indexOf("receipt:") + "receipt:".length();
				say(context.channel(),
						"RECEIPT\nreceipt-id:" + frame.substring(receipt, frame.indexOf('\n', receipt)) + "\n\n\0");
			}
		}

	}

}

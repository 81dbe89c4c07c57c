package dev.realtime.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * One hostile client on one connection. It does not look at what the server answers,
 * except that it waits for answers where its attack is a loop. Confined to its event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class HostilePeer extends ChannelInboundHandlerAdapter {

	/** Between two bytes of a frame: with 400 clients, 8,000 messages a second. */
	private static final int PIECE_MILLIS = 50;

	private static final int HANDSHAKE_MILLIS = 500;

	/** Frames of a flood before another client has its turn. */
	private static final int AT_ONCE = 16;

	private static final byte[] HANDSHAKE = String
		.join("\r\n", "GET /realtime HTTP/1.1", "Host: 127.0.0.1", "Upgrade: websocket", "Connection: Upgrade",
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
				"Sec-WebSocket-Protocol: v12.stomp", "", "")
		.getBytes(StandardCharsets.US_ASCII);

	private static final String ENDLESS = "SEND\ndestination:/topic/bench\n\n" + "x".repeat(60_000);

	private final Attack attack;

	private final int id;

	private final Hostiles hostiles;

	private boolean upgraded;

	/** How far it has come in what it sends. */
	private int at;

	/** Whether its next turn is scheduled. */
	private boolean turn;

	HostilePeer(Attack attack, int id, Hostiles hostiles) {
		this.attack = attack;
		this.id = id;
		this.hostiles = hostiles;
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		this.hostiles.opened();
		if (this.attack == Attack.SLOW_HANDSHAKE) {
			every(context.channel(), HANDSHAKE_MILLIS, () -> {
				byte next = HANDSHAKE[this.at++ % HANDSHAKE.length];
				context.writeAndFlush(context.alloc().buffer(1).writeByte(next));
			});
		}
		else {
			context.writeAndFlush(context.alloc().buffer(HANDSHAKE.length).writeBytes(HANDSHAKE));
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		ByteBuf bytes = (ByteBuf) message;
		boolean first = !this.upgraded;
		bytes.release();
		if (first) {
			this.upgraded = true;
			begin(context.channel());
		}
		else if (this.attack == Attack.REWIND_LOOP) {
			rewind(context.channel());
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		flood(context.channel());
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.hostiles.closed(this.attack, this.id);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		context.close();
	}

	private void begin(Channel channel) {
		if (this.attack == Attack.ONE_BYTE_PIECES) {
			connect(channel);
			every(channel, PIECE_MILLIS, () -> {
				text(channel, ENDLESS.substring(this.at % ENDLESS.length(), this.at++ % ENDLESS.length() + 1));
				channel.flush();
			});
		}
		else {
			connect(channel);
			flood(channel);
			if (this.attack == Attack.NEVER_READING) {
				text(channel, "SUBSCRIBE\nid:s\ndestination:/topic/bench\n\n\0");
				channel.config().setAutoRead(false);
			}
		}
		channel.flush();
	}

	private void connect(Channel channel) {
		text(channel, "CONNECT\naccept-version:1.2\nhost:bench\nrealtime:1\nheart-beat:0,0\nlogin:hostile-" + this.id
				+ "\n\n\0");
	}

	/** Sends some, then lets the others have their turn. */
	private void flood(Channel channel) {
		if (this.attack != Attack.SUBSCRIBE_FLOOD || this.turn || !this.upgraded || !channel.isWritable()) {
			return;
		}
		this.turn = true;
		channel.eventLoop().execute(() -> {
			for (int i = 0; i < AT_ONCE && channel.isWritable(); i++) {
				int number = this.at++;
				text(channel, "SUBSCRIBE\nid:s" + number + "\ndestination:/topic/hostile." + this.id + '.' + number
						+ "\n\n\0");
			}
			channel.flush();
			this.turn = false;
			flood(channel);
		});
	}

	/** One more each time that the server has said anything. */
	private void rewind(Channel channel) {
		int number = this.at++;
		if (number > 0) {
			text(channel, "UNSUBSCRIBE\nid:r" + (number - 1) + "\n\n\0");
		}
		text(channel, "SUBSCRIBE\nid:r" + number + "\ndestination:/topic/bench\nrewind:1000\nreceipt:live\n\n\0");
		channel.flush();
	}

	/** The key 0 masks nothing (RFC 6455, 5.3). */
	private static void text(Channel channel, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		ByteBuf frame = channel.alloc().buffer(bytes.length + 8).writeByte(0x81);
		if (bytes.length < 126) {
			frame.writeByte(0x80 | bytes.length);
		}
		else {
			frame.writeByte(0x80 | 126).writeShort(bytes.length);
		}
		channel.write(frame.writeInt(0).writeBytes(bytes));
	}

	private static void every(Channel channel, int millis, Runnable step) {
		java.util.concurrent.@Nullable ScheduledFuture<?>[] timer = new java.util.concurrent.ScheduledFuture<?>[1];
		timer[0] = channel.eventLoop().scheduleAtFixedRate(() -> {
			if (channel.isActive()) {
				step.run();
			}
			else if (timer[0] != null) {
				timer[0].cancel(false);
			}
		}, millis, millis, TimeUnit.MILLISECONDS);
	}

}

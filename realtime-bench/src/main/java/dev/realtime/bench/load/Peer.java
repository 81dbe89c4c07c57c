package dev.realtime.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * One client: its WebSocket, and whether it got every message once and in order. Confined
 * to the load's event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class Peer extends ByteToMessageDecoder {

	private static final byte[] END_OF_HEADERS = { '\r', '\n', '\r', '\n' };

	private final Load load;

	private final int id;

	private final String topic;

	private final String resume;

	/** Null for a client of one connection, which the load counts. */
	private final @Nullable PeerListener listener;

	private @Nullable Channel channel;

	private boolean upgraded;

	private boolean live;

	private String epoch = "";

	private long seqAtLive;

	/** The last message's number; 0 before the first. */
	private long last;

	private long received;

	Peer(Load load, int id, String topic, String resume) {
		this(load, id, topic, resume, null);
	}

	/** One connection of a client that may have others after it. */
	Peer(Load load, int id, String topic, String resume, @Nullable PeerListener listener) {
		this.listener = listener;
		this.load = load;
		this.id = id;
		this.topic = topic;
		this.resume = resume;
	}

	int id() {
		return this.id;
	}

	String topic() {
		return this.topic;
	}

	/** Headers that SUBSCRIBE gets, to recover. */
	String resume() {
		return this.resume;
	}

	/** The same headers for a client that returns to where this one is. */
	public String position() {
		return "epoch:" + this.epoch + "\nlast-seq:" + (this.seqAtLive + this.received) + '\n';
	}

	/** Messages that came. */
	public long received() {
		return this.received;
	}

	/** Stops reading, as a client whose network or page is stuck. */
	public void stopReading() {
		if (this.channel != null) {
			this.channel.config().setAutoRead(false);
		}
	}

	/** Cuts the connection without a word. */
	public void cut() {
		cut(false);
	}

	/** The same, and resets it if that is asked for. */
	void cut(boolean reset) {
		if (this.channel != null) {
			if (reset) {
				this.channel.config().setOption(ChannelOption.SO_LINGER, 0);
			}
			this.channel.close();
		}
	}

	boolean isOpen() {
		return this.channel != null && this.channel.isActive();
	}

	/** The next message that must come is the one after this number. */
	public void expectAfter(long number) {
		this.last = number;
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		this.channel = context.channel();
		Dialect dialect = this.load.dialect();
		String protocol = dialect.protocol().isEmpty() ? "" : "Sec-WebSocket-Protocol: " + dialect.protocol() + "\r\n";
		String request = "GET " + dialect.path() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
				+ "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
				+ "Sec-WebSocket-Version: 13\r\n" + protocol + "\r\n";
		context.writeAndFlush(context.alloc().buffer().writeBytes(request.getBytes(StandardCharsets.US_ASCII)));
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.load.closed(this, this.live);
		this.live = false;
		if (this.listener != null) {
			this.listener.closed();
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		if (this.listener != null) {
			this.listener.broken(String.valueOf(cause.getMessage()));
		}
		else {
			fail(String.valueOf(cause));
		}
		context.close();
	}

	@Override
	protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
		if (!this.upgraded && !upgrade(in)) {
			return;
		}
		while (in.readableBytes() >= 2) {
			int start = in.readerIndex();
			int length = in.getByte(start + 1) & 0x7F;
			int header = (length < 126) ? 2 : (length == 126) ? 4 : 10;
			if (in.readableBytes() < header) {
				return;
			}
			if (length == 126) {
				length = in.getUnsignedShort(start + 2);
			}
			else if (length == 127) {
				length = (int) in.getLong(start + 2);
			}
			if (in.readableBytes() < header + length) {
				return;
			}
			frame(in.getByte(start) & 0x0F, in, start + header, length);
			in.readerIndex(start + header + length);
		}
		this.load.progressed();
	}

	private boolean upgrade(ByteBuf in) {
		int end = in.toString(StandardCharsets.US_ASCII).indexOf(new String(END_OF_HEADERS, StandardCharsets.US_ASCII));
		if (end < 0) {
			return false;
		}
		String status = in.toString(in.readerIndex(), Math.min(end, 60), StandardCharsets.US_ASCII);
		in.skipBytes(end + END_OF_HEADERS.length);
		if (!status.startsWith("HTTP/1.1 101")) {
			fail(status);
			return false;
		}
		this.upgraded = true;
		this.load.dialect().opened(this);
		return true;
	}

	private void frame(int opcode, ByteBuf in, int start, int length) {
		switch (opcode) {
			case 0, 1, 2 -> {
				if (length > 0) {
					this.load.dialect().message(this, in, start, length);
				}
			}
			case 8 -> closing((length >= 2) ? in.getUnsignedShort(start) : 0);
			case 9 -> send(10, in.toString(start, length, StandardCharsets.ISO_8859_1));
			default -> {
			}
		}
	}

	private void closing(int code) {
		if (this.listener != null) {
			this.listener.closing(code);
		}
		else {
			fail("closed " + code);
		}
	}

	/** Sends a text. */
	void send(String text) {
		send(1, text);
	}

	/** A client masks what it sends; the key 0 changes nothing (RFC 6455, 5.3). */
	private void send(int opcode, String text) {
		Channel known = this.channel;
		if (known != null) {
			byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
			ByteBuf frame = known.alloc().buffer(bytes.length + 14).writeByte(0x80 | opcode);
			if (bytes.length < 126) {
				frame.writeByte(0x80 | bytes.length);
			}
			else {
				frame.writeByte(0x80 | 126).writeShort(bytes.length);
			}
			known.writeAndFlush(frame.writeInt(0).writeBytes(bytes));
		}
	}

	void live(String epoch, long seq) {
		if (!this.live) {
			this.live = true;
			this.epoch = epoch;
			this.seqAtLive = seq;
			this.load.becameLive();
			if (this.listener != null) {
				this.listener.live(epoch, seq);
			}
		}
	}

	void subscribing() {
		if (this.listener != null) {
			this.listener.subscribing();
		}
	}

	void advised(long afterMillis) {
		if (this.listener != null) {
			this.listener.advised(afterMillis);
		}
	}

	void gap(String event) {
		if (this.listener != null) {
			this.listener.failed(event);
		}
	}

	void received(long number, long intendedNanos) {
		if (this.listener != null) {
			this.listener.received(number);
		}
		else if (this.last != 0 && number != this.last + 1) {
			this.load.disordered("client " + this.id + " got message " + number + " after " + this.last);
		}
		this.last = number;
		this.received++;
		this.load.received(intendedNanos);
	}

	void fail(String what) {
		if (this.listener != null) {
			this.listener.failed(what);
		}
		else {
			this.load.failed(what);
		}
	}

}

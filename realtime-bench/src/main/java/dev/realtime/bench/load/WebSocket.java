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
 * A client's WebSocket, as thin as RFC 6455 lets it be. Everything is called on its event
 * loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public abstract class WebSocket extends ByteToMessageDecoder {

	private static final int FIN = 0x80;

	private static final int TEXT = 1;

	private static final int PONG = 10;

	private @Nullable Channel channel;

	/** What came of a message of several fragments. */
	private @Nullable ByteBuf fragments;

	/** The handshake succeeded. */
	protected abstract void opened();

	/**
	 * The handshake was answered otherwise.
	 * @param answer the status line, the headers, and what came with them
	 */
	protected abstract void refused(String answer);

	/** One whole message came. */
	protected abstract void message(ByteBuf bytes, int start, int length);

	/** The server closes. */
	protected abstract void closing(int code, String reason);

	/** The connection broke, or could not be encrypted. */
	protected abstract void broken(Throwable cause);

	/** The connection has ended. */
	protected abstract void closed();

	/** What one read brought is handled. */
	protected void readCompleted() {
	}

	/** Sends a text. */
	public final void send(String text) {
		send(TEXT, text.getBytes(StandardCharsets.UTF_8));
	}

	/** Cuts the connection without a word. */
	public final void cut() {
		cut(false);
	}

	/** The same, and resets it if that is asked for. */
	final void cut(boolean reset) {
		if (this.channel != null) {
			if (reset) {
				this.channel.config().setOption(ChannelOption.SO_LINGER, 0);
			}
			this.channel.close();
		}
	}

	final boolean isOpen() {
		return this.channel != null && this.channel.isActive();
	}

	/** Stops reading, as a client whose network or page is stuck. */
	public final void stopReading() {
		if (this.channel != null) {
			this.channel.config().setAutoRead(false);
		}
	}

	@Override
	public final void channelActive(ChannelHandlerContext context) {
		this.channel = context.channel();
	}

	@Override
	public final void channelInactive(ChannelHandlerContext context) {
		dropFragments();
		closed();
	}

	@Override
	public final void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		broken(cause);
		context.close();
	}

	@Override
	protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
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
			frame(in.getByte(start), in, start + header, length);
			in.readerIndex(start + header + length);
		}
		readCompleted();
	}

	private void frame(int first, ByteBuf in, int start, int length) {
		switch (first & 0x0F) {
			case 0, 1, 2 -> data((first & FIN) != 0, in, start, length);
			case 8 -> closing((length >= 2) ? in.getUnsignedShort(start) : 0,
					in.toString(start + Math.min(2, length), Math.max(0, length - 2), StandardCharsets.UTF_8));
			case 9 -> {
				byte[] same = new byte[length];
				in.getBytes(start, same);
				send(PONG, same);
			}
			default -> {
			}
		}
	}

	private void data(boolean last, ByteBuf in, int start, int length) {
		if (last && this.fragments == null) {
			if (length > 0) {
				message(in, start, length);
			}
			return;
		}
		if (this.fragments == null) {
			this.fragments = in.alloc().buffer();
		}
		ByteBuf known = this.fragments.writeBytes(in, start, length);
		if (last) {
			message(known, 0, known.readableBytes());
			dropFragments();
		}
	}

	private void dropFragments() {
		if (this.fragments != null) {
			this.fragments.release();
			this.fragments = null;
		}
	}

	/** A client masks what it sends; the key 0 changes nothing (RFC 6455, 5.3). */
	private void send(int opcode, byte[] bytes) {
		Channel known = this.channel;
		if (known != null) {
			ByteBuf frame = known.alloc().buffer(bytes.length + 14).writeByte(FIN | opcode);
			if (bytes.length < 126) {
				frame.writeByte(0x80 | bytes.length);
			}
			else if (bytes.length <= 0xFFFF) {
				frame.writeByte(0x80 | 126).writeShort(bytes.length);
			}
			else {
				frame.writeByte(0x80 | 127).writeLong(bytes.length);
			}
			known.writeAndFlush(frame.writeInt(0).writeBytes(bytes));
		}
	}

}

package dev.realtime.spring.netty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.DecoderException;

import static org.assertj.core.api.Assertions.assertThat;

/** A socket without a network, whose bytes come in pieces. */
final class FuzzedChannel extends EmbeddedChannel implements DuplexChannel {

	static final InetSocketAddress PEER = InetSocketAddress.createUnresolved("192.0.2.1", 1_234);

	private final List<ByteBuf> pieces = new ArrayList<>();

	private boolean outputShutdown;

	/**
	 * Reads a piece.
	 * @return false if the channel is closed, or an exception came out of its pipeline
	 */
	boolean read(byte[] input, int from, int size) {
		if (!isOpen()) {
			return false;
		}
		ByteBuf piece = Unpooled.copiedBuffer(input, from, size);
		this.pieces.add(piece);
		writeInbound(piece);
		runPendingTasks();
		return isOpen();
	}

	/** Returns all that was written so far. */
	String written() {
		StringBuilder written = new StringBuilder();
		for (ByteBuf next = readOutbound(); next != null; next = readOutbound()) {
			written.append(ByteBufUtil.hexDump(next));
			next.release();
		}
		return written.toString();
	}

	/** Closes, and finds buffers that nothing has released. */
	void end() {
		try {
			finishAndReleaseAll();
		}
		catch (DecoderException ex) {
			// What is left when the channel closes may be half of something.
		}
		this.pieces.forEach((piece) -> assertThat(piece.refCnt()).as("references to a piece").isZero());
	}

	@Override
	protected SocketAddress remoteAddress0() {
		return PEER;
	}

	@Override
	public InetSocketAddress remoteAddress() {
		return PEER;
	}

	@Override
	public boolean isInputShutdown() {
		return false;
	}

	@Override
	public boolean isOutputShutdown() {
		return this.outputShutdown;
	}

	@Override
	public boolean isShutdown() {
		return this.outputShutdown;
	}

	@Override
	public ChannelFuture shutdownInput() {
		return newSucceededFuture();
	}

	@Override
	public ChannelFuture shutdownInput(ChannelPromise promise) {
		return promise.setSuccess();
	}

	@Override
	public ChannelFuture shutdownOutput() {
		this.outputShutdown = true;
		return newSucceededFuture();
	}

	@Override
	public ChannelFuture shutdownOutput(ChannelPromise promise) {
		this.outputShutdown = true;
		return promise.setSuccess();
	}

	@Override
	public ChannelFuture shutdown() {
		return shutdownOutput();
	}

	@Override
	public ChannelFuture shutdown(ChannelPromise promise) {
		return shutdownOutput(promise);
	}

}

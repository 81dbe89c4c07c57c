package dev.realtime.spring.netty;

import java.time.Duration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Transport;
import dev.realtime.connection.TransportKind;
import dev.realtime.delivery.Batch;
import dev.realtime.spring.websocket.Answers;
import dev.realtime.spring.websocket.FrameWriter;
import dev.realtime.spring.websocket.Pings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.web.socket.PongMessage;
import org.springframework.web.socket.WebSocketMessage;

/**
 * Writes to a channel on its own event loop, which is the connection's shard. A batch is
 * one shared buffer: the socket takes it from where it is.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class NettyTransport implements Transport, Answers {

	/** About what a socket's send buffer takes at once. */
	private static final int BATCH_BYTES = 65_536;

	/** How long a client may take to answer a close frame. */
	private static final int CLOSE_SECONDS = 1;

	private static final byte[] EMPTY = {};

	private final Channel channel;

	private final Pings pings;

	private final boolean compressed;

	private final @Nullable SocketWrites socket;

	private boolean closing;

	NettyTransport(Channel channel, long pingNanos, boolean compressed) {
		this.channel = channel;
		this.pings = new Pings(pingNanos, () -> control(FrameWriter.ping(EMPTY)));
		this.compressed = compressed;
		this.socket = SocketWrites.of(channel);
	}

	@Override
	public TransportKind kind() {
		return TransportKind.NETTY;
	}

	@Override
	public int batchBytes() {
		return BATCH_BYTES;
	}

	@Override
	public void write(Batch batch, Completion done) {
		BatchBytes shared = batch.encoding(BatchBytes.class, (each) -> new BatchBytes(each, this.channel.alloc()));
		ByteBuf bytes = shared.bytes(this.compressed);
		int taken = 0;
		if (this.socket != null && nothingWaits()) {
			try {
				taken = this.socket.write(bytes);
			}
			catch (IOException ex) {
				done.done(ex);
				return;
			}
			if (taken == bytes.readableBytes()) {
				done.done(null);
				return;
			}
		}
		ChannelFuture written = this.channel.writeAndFlush(shared.share(this.compressed).skipBytes(taken));
		if (written.isDone()) {
			done.done(written.cause());
		}
		else {
			written.addListener((future) -> done.done(future.cause()));
		}
	}

	/** Whether the socket has taken everything; not once the channel is closed. */
	private boolean nothingWaits() {
		ChannelOutboundBuffer waiting = this.channel.unsafe().outboundBuffer();
		return waiting != null && waiting.isEmpty();
	}

	/**
	 * Says why, then closes when the client has answered, or after a second without its
	 * answer: closing at once could destroy the reason before the client reads it.
	 */
	@Override
	public void close(CloseReason reason) {
		if (!this.channel.eventLoop().inEventLoop()) {
			this.channel.eventLoop().execute(() -> close(reason));
		}
		else if (!this.closing) {
			this.closing = true;
			control(FrameWriter.close(reason));
			this.channel.eventLoop().schedule(() -> this.channel.close(), CLOSE_SECONDS, TimeUnit.SECONDS);
		}
	}

	/**
	 * Answers the client's close frame and ends our half of the connection; what comes
	 * meanwhile is read and thrown away. Closing at once, with bytes of the client
	 * unread, would reset the connection and could destroy the answer. On the event loop.
	 */
	@Override
	public void answerClose(CloseReason reason) {
		if (this.closing) {
			this.channel.close();
			return;
		}
		close(reason);
		SslHandler tls = this.channel.pipeline().get(SslHandler.class);
		if (tls != null) {
			tls.closeOutbound();
		}
		else {
			((DuplexChannel) this.channel).shutdownOutput();
		}
	}

	@Override
	public void pong(byte[] payload) {
		if (this.channel.isWritable()) {
			control(FrameWriter.pong(payload));
		}
	}

	@Override
	public boolean probe(long nanos) {
		return this.pings.probe(nanos);
	}

	@Override
	public void ponged() {
		this.pings.answered();
	}

	@Override
	public @Nullable Duration roundTrip() {
		return this.pings.roundTrip();
	}

	/** Sends what the application wants to: a ping or a pong. On any thread. */
	void send(WebSocketMessage<?> message, ByteBuffer payload) {
		byte[] bytes = new byte[payload.remaining()];
		payload.duplicate().get(bytes);
		this.channel.eventLoop()
			.execute(() -> control(
					(message instanceof PongMessage) ? FrameWriter.pong(bytes) : FrameWriter.ping(bytes)));
	}

	/** Writes a control frame between two batches. On the event loop. */
	private void control(ByteBuffer frame) {
		this.channel.writeAndFlush(Unpooled.wrappedBuffer(frame));
	}

}

package dev.realtime.spring.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Decompresses what comes from a client that may compress. A compressed message in
 * several frames waits until it is whole; both what waits and what it becomes are bounded
 * by the largest frame allowed, since a message is one STOMP frame. Keeps nothing between
 * two messages.
 */
final class InflatingHandler extends ChannelInboundHandlerAdapter {

	/** The bit RSV1 of a frame's first byte, in Netty's three bits. */
	private static final int COMPRESSED = 4;

	private final int maxSize;

	/** A compressed message's beginning. */
	private @Nullable ByteBuf begun;

	private boolean begunIsText;

	private boolean failed;

	InflatingHandler(int maxSize) {
		this.maxSize = maxSize;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		if (!(message instanceof WebSocketFrame frame)) {
			context.fireChannelRead(message);
			return;
		}
		if (this.failed) {
			frame.release();
			return;
		}
		boolean forward = false;
		try {
			forward = !isCompressed(frame);
			if (!forward) {
				readCompressed(context, frame);
			}
		}
		catch (CorruptedWebSocketFrameException ex) {
			this.failed = true;
			forget();
			throw ex;
		}
		finally {
			if (!forward) {
				ReferenceCountUtil.release(frame);
			}
		}
		if (forward) {
			context.fireChannelRead(frame);
		}
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		forget();
	}

	/** Only a message's first frame may say so (RFC 7692, section 6). */
	private boolean isCompressed(WebSocketFrame frame) {
		boolean data = frame instanceof TextWebSocketFrame || frame instanceof BinaryWebSocketFrame;
		boolean goesOn = frame instanceof ContinuationWebSocketFrame;
		if (frame.rsv() != 0 && !(data && frame.rsv() == COMPRESSED)) {
			throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR,
					"A frame has reserved bits that were not agreed on");
		}
		return frame.rsv() == COMPRESSED || (goesOn && this.begun != null);
	}

	private void readCompressed(ChannelHandlerContext context, WebSocketFrame frame) {
		ByteBuf before = this.begun;
		if (before == null) {
			if (frame.isFinalFragment()) {
				inflate(context, frame instanceof TextWebSocketFrame, frame.content());
				return;
			}
			before = context.alloc().heapBuffer(frame.content().readableBytes(), this.maxSize);
			this.begun = before;
			this.begunIsText = frame instanceof TextWebSocketFrame;
		}
		if (frame.content().readableBytes() > before.maxWritableBytes()) {
			throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.MESSAGE_TOO_BIG,
					"A compressed message is larger than allowed");
		}
		before.writeBytes(frame.content());
		if (frame.isFinalFragment()) {
			this.begun = null;
			try {
				inflate(context, this.begunIsText, before);
			}
			finally {
				before.release();
			}
		}
	}

	private void inflate(ChannelHandlerContext context, boolean isText, ByteBuf compressed) {
		ByteBuf content = Inflation.inflate(compressed, this.maxSize, context.alloc());
		context.fireChannelRead(isText ? new TextWebSocketFrame(content) : new BinaryWebSocketFrame(content));
	}

	private void forget() {
		if (this.begun != null) {
			this.begun.release();
			this.begun = null;
		}
	}

}

package dev.realtime.spring.netty;

import java.io.IOException;

import dev.realtime.spring.Incident;
import dev.realtime.spring.websocket.FrameReader;
import dev.realtime.spring.websocket.Inbox;
import dev.realtime.spring.websocket.Receiver;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.WebSocketHandler;

/**
 * One client's WebSocket: bytes come, and go to its {@link Receiver}. Runs on the event
 * loop, so it never calls the application itself.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class SessionHandler extends ChannelDuplexHandler {

	private static final Logger logger = LoggerFactory.getLogger(SessionHandler.class);

	private final NettySession session;

	private final Receiver receiver;

	SessionHandler(Channel channel, WebSocketHandler handler, Handshake handshake, ListenerContext listener) {
		NettyTransport transport = new NettyTransport(channel, listener.pingNanos(), handshake.compressed());
		this.session = new NettySession(channel, transport, handshake);
		this.receiver = new Receiver(this.session, transport, handler,
				new FrameReader(handshake.maxFrameSize(), handshake.compressed()), new Inbox(new NettySocket(channel),
						listener.inbound(), listener.inboundPending(), listener.inboundBytes()));
	}

	/** The handshake is done. */
	void opened() {
		this.receiver.opened();
	}

	/** Something came between the handshake and its answer, and is lost. */
	void cameTooEarly() {
		this.receiver.fail(CloseStatus.PROTOCOL_ERROR.getCode(), "wait for the answer to the handshake");
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		try {
			if (message instanceof ByteBuf bytes) {
				this.receiver.read((bytes.nioBufferCount() == 1)
						? bytes.internalNioBuffer(bytes.readerIndex(), bytes.readableBytes()) : bytes.nioBuffer());
			}
		}
		finally {
			ReferenceCountUtil.release(message);
		}
	}

	/** What was read before goes first, as far as the inbox takes it. */
	@Override
	public void read(ChannelHandlerContext context) {
		this.receiver.goOn();
		if (!this.receiver.isHolding()) {
			context.read();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.receiver.closed();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		if (cause instanceof IOException || cause.getCause() instanceof IOException) {
			logger.debug("The socket of session {} failed", this.session.getId(), cause);
			context.close();
		}
		else {
			Incident.warn(logger, "A connection failed and is closed", cause);
			this.receiver.fail(CloseStatus.SERVER_ERROR.getCode(), "internal error");
		}
	}

}

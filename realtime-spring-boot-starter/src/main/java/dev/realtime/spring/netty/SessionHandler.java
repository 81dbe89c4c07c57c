package dev.realtime.spring.netty;

import java.io.IOException;
import java.nio.ByteBuffer;

import dev.realtime.hub.CloseReason;
import dev.realtime.spring.Incident;
import dev.realtime.spring.websocket.Inbox;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.WebSocketMessage;

/**
 * One client's WebSocket: gives what comes to Spring, answers pings and closes. Runs on
 * the event loop, so it never calls the application itself.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class SessionHandler extends ChannelInboundHandlerAdapter {

	private static final int NORMAL = 1000;

	private static final int NO_STATUS = 1005;

	private static final Logger logger = LoggerFactory.getLogger(SessionHandler.class);

	private final WebSocketHandler handler;

	private final NettySession session;

	private final NettyTransport transport;

	private final Inbox inbox;

	private CloseStatus status = CloseStatus.NO_CLOSE_FRAME;

	/** Nothing more is taken from the client. */
	private boolean ended;

	SessionHandler(Channel channel, WebSocketHandler handler, Handshake handshake, ListenerContext listener) {
		this.handler = handler;
		this.transport = new NettyTransport(channel, listener.pingNanos(), handshake.compressed());
		this.session = new NettySession(channel, this.transport, handshake);
		this.inbox = new Inbox(new NettySocket(channel), listener.inbound(), listener.inboundPending(),
				listener.inboundBytes());
	}

	/** The handshake is done. */
	void opened() {
		this.inbox.add(() -> this.handler.afterConnectionEstablished(this.session));
	}

	/** Something came between the handshake and its answer, and is lost. */
	void cameTooEarly() {
		fail(CloseStatus.PROTOCOL_ERROR.getCode(), "wait for the answer to the handshake");
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		try {
			this.session.wasRead();
			if (message instanceof WebSocketFrame frame && !this.ended) {
				read(context, frame);
			}
		}
		finally {
			ReferenceCountUtil.release(message);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		CloseStatus last = this.status;
		try {
			this.session.closed();
		}
		finally {
			this.inbox.add(() -> this.handler.afterConnectionClosed(this.session, last));
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		if (cause instanceof CorruptedWebSocketFrameException broken) {
			fail(broken.closeStatus().code(), reason(broken.closeStatus().code()));
		}
		else if (cause instanceof IOException || cause.getCause() instanceof IOException) {
			logger.debug("Session {}: the socket broke", this.session.getId(), cause);
			context.close();
		}
		else {
			logger.warn("Session {} failed and is closed", this.session.getId(), Incident.plain(cause));
			fail(CloseStatus.SERVER_ERROR.getCode(), "internal error");
		}
	}

	private void read(ChannelHandlerContext context, WebSocketFrame frame) {
		if (frame instanceof CloseWebSocketFrame close) {
			closedByClient(context, close);
		}
		else if (frame instanceof PingWebSocketFrame) {
			// A client that does not take its pongs gets none.
			if (context.channel().isWritable()) {
				this.transport.control(WebSocketBytes.pong(frame.content(), context.alloc()));
			}
		}
		else if (frame.content().isReadable() && !(frame instanceof PongWebSocketFrame)) {
			this.inbox.add(new Handling(this.handler, this.session, message(frame)));
		}
	}

	/** A fragment may end within a character: only the STOMP decoder puts it together. */
	private static WebSocketMessage<?> message(WebSocketFrame frame) {
		byte[] bytes = ByteBufUtil.getBytes(frame.content());
		return (frame instanceof TextWebSocketFrame && frame.isFinalFragment()) ? new TextMessage(bytes)
				: new BinaryMessage(ByteBuffer.wrap(bytes), frame.isFinalFragment());
	}

	/** Echoes the close frame, as RFC 6455 section 5.5.1 asks, and closes. */
	private void closedByClient(ChannelHandlerContext context, CloseWebSocketFrame frame) {
		this.ended = true;
		int code = frame.statusCode();
		this.status = new CloseStatus((code < 0) ? NO_STATUS : code);
		if (this.transport.isClosing()) {
			context.close();
		}
		else {
			this.transport.answerClose(new CloseReason((code < 0) ? NORMAL : code, ""));
		}
	}

	/** Netty's own words are not for clients. */
	private static String reason(int code) {
		return switch (code) {
			case 1007 -> "not UTF-8";
			case 1009 -> "message too large";
			default -> "protocol error";
		};
	}

	private void fail(int code, String reason) {
		if (!this.ended) {
			this.ended = true;
			this.status = new CloseStatus(code);
			this.session.close(new CloseReason(code, reason));
		}
	}

	/** Gives one message to Spring. */
	private record Handling(WebSocketHandler handler, NettySession session,
			WebSocketMessage<?> message) implements Inbox.Step {

		@Override
		public void run() throws Exception {
			this.handler.handleMessage(this.session, this.message);
		}

		@Override
		public int bytes() {
			return this.message.getPayloadLength();
		}

	}

}

package dev.realtime.spring.netty;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

import dev.realtime.spring.audit.Door;
import dev.realtime.spring.netty.ListenerStats.Refused;
import dev.realtime.spring.stream.StreamAnswer;
import dev.realtime.spring.stream.StreamKind;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.WebSocketHandler;

/**
 * The HTTP part of a connection: one request, which becomes a WebSocket, goes to the
 * streams, or is refused with a sentence that says why. On the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class HandshakeHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

	private static final String SUB_PROTOCOLS = "v12.stomp,v11.stomp,v10.stomp";

	private static final String VERSION = "13";

	private static final Logger logger = LoggerFactory.getLogger(HandshakeHandler.class);

	private final ListenerContext listener;

	private final Future<?> deadline;

	private boolean broken;

	private boolean refused;

	private @Nullable HttpRequest request;

	/** The client did not wait for the answer to its handshake. */
	private boolean early;

	HandshakeHandler(ListenerContext listener, Future<?> deadline) {
		this.listener = listener;
		this.deadline = deadline;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
		if (message instanceof FullHttpRequest) {
			super.channelRead(context, message);
		}
		else {
			this.early = true;
			ReferenceCountUtil.release(message);
		}
	}

	@Override
	protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
		if (this.refused) {
			return;
		}
		StreamKind stream = request.decoderResult().isFailure() ? null : this.listener.stream(request.uri());
		if (stream != null) {
			this.deadline.cancel(false);
			StreamHandler.take(context, request, stream, this.listener);
			return;
		}
		this.request = request;
		Refusal refusal = check(request);
		if (refusal == null) {
			upgrade(context, request);
		}
		else {
			refuse(context, refusal);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.deadline.cancel(false);
		context.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.debug("A handshake failed", cause);
		if (!this.broken) {
			this.broken = true;
			this.listener.stats().refused(Refused.BROKEN);
		}
		context.close();
	}

	private @Nullable Refusal check(FullHttpRequest request) {
		if (request.decoderResult().isFailure()) {
			return new Refusal(HttpResponseStatus.BAD_REQUEST, "This is no HTTP request, or its headers are too large");
		}
		if (this.listener.endpoint(request.uri()) == null) {
			return new Refusal(HttpResponseStatus.NOT_FOUND, "There is no STOMP endpoint at this path");
		}
		if (!request.method().equals(HttpMethod.GET)) {
			return new Refusal(HttpResponseStatus.METHOD_NOT_ALLOWED, "A WebSocket handshake is a GET");
		}
		if (!request.headers().containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
				|| !request.headers().containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)) {
			return new Refusal(HttpResponseStatus.UPGRADE_REQUIRED, "This endpoint speaks WebSocket only");
		}
		if (!VERSION.equals(request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
			return new Refusal(HttpResponseStatus.UPGRADE_REQUIRED, "Only WebSocket version 13 is spoken here");
		}
		if (!this.listener.allows(request)) {
			return new Refusal(HttpResponseStatus.FORBIDDEN, "Pages of this origin may not connect");
		}
		if (!this.listener.hasRoom()) {
			return new Refusal(HttpResponseStatus.SERVICE_UNAVAILABLE, "The node has all the connections it may have");
		}
		return null;
	}

	private void upgrade(ChannelHandlerContext context, FullHttpRequest request) {
		String extensions = this.listener.compression()
				? PerMessageDeflate.answer(request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) : null;
		HttpHeaders headers = (extensions != null)
				? new DefaultHttpHeaders().set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, extensions)
				: EmptyHttpHeaders.INSTANCE;
		WebSocketServerHandshaker handshaker = new WebSocketServerHandshaker13(null, SUB_PROTOCOLS,
				WebSocketDecoderConfig.newBuilder()
					.maxFramePayloadLength(this.listener.maxFrameSize())
					.expectMaskedFrames(true)
					.allowMaskMismatch(false)
					.allowExtensions(extensions != null)
					.closeOnProtocolViolation(false)
					.build());
		try {
			handshaker.handshake(context.channel(), request, headers, context.channel().newPromise())
				.addListener((done) -> {
					if (done.isSuccess()) {
						opened(context,
								Handshake.of(request, handshaker.selectedSubprotocol(),
										this.listener.proxies().client(Entrance.peer(context.channel()), request),
										this.listener.maxFrameSize(), extensions != null),
								request.uri());
					}
				});
		}
		catch (WebSocketHandshakeException ex) {
			refuse(context, new Refusal(HttpResponseStatus.BAD_REQUEST, "This is no complete WebSocket handshake"));
		}
	}

	private void opened(ChannelHandlerContext context, Handshake handshake, String uri) {
		this.deadline.cancel(false);
		this.listener.stats().opened();
		context.channel().closeFuture().addListener((closed) -> this.listener.stats().closed());
		context.pipeline().remove("wsencoder");
		WebSocketHandler handler = Objects.requireNonNull(this.listener.endpoint(uri));
		if (handshake.compressed()) {
			// frames stay compressed while the inbox is full
			context.pipeline().addLast(new FlowControlHandler());
			context.pipeline().addLast(new InflatingHandler(handshake.maxFrameSize()));
		}
		context.pipeline().addLast(new Utf8FrameValidator(false));
		SessionHandler session = new SessionHandler(context.channel(), handler, handshake, this.listener);
		context.pipeline().addLast(session);
		context.pipeline().remove(this);
		session.opened();
		if (this.early) {
			session.cameTooEarly();
		}
	}

	/** The connection is closed when its client has read why, or at the deadline. */
	private void refuse(ChannelHandlerContext context, Refusal refusal) {
		this.refused = true;
		this.listener.stats().refused(refusal.reason());
		this.listener.refused(context.channel(), this.request, Door.HANDSHAKE, refusal.word());
		ByteBuf text = Unpooled.copiedBuffer(refusal.sentence() + '\n', StandardCharsets.UTF_8);
		FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, refusal.status(), text);
		response.headers()
			.set(HttpHeaderNames.CONTENT_TYPE, "text/plain;charset=UTF-8")
			.setInt(HttpHeaderNames.CONTENT_LENGTH, text.readableBytes())
			.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
		if (refusal.status().equals(HttpResponseStatus.UPGRADE_REQUIRED)) {
			response.headers()
				.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
				.set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, VERSION);
		}
		else if (refusal.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
			response.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET);
		}
		context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
	}

	private record Refusal(HttpResponseStatus status, String sentence) {

		/** For the report; null where the client has made a mistake. */
		@Nullable String word() {
			return switch (reason()) {
				case ORIGIN -> "origin";
				case FULL -> "full";
				default -> StreamAnswer.refusal(this.status.code(), null);
			};
		}

		Refused reason() {
			return this.status.equals(HttpResponseStatus.FORBIDDEN) ? Refused.ORIGIN
					: this.status.equals(HttpResponseStatus.SERVICE_UNAVAILABLE) ? Refused.FULL : Refused.REQUEST;
		}

	}

}

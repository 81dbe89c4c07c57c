package dev.realtime.spring.netty;

import java.util.Objects;

import dev.realtime.spring.audit.Door;
import dev.realtime.spring.netty.ListenerStats.Refused;
import dev.realtime.spring.netty.RequestDoor.Refusal;
import dev.realtime.spring.stream.StreamKind;
import dev.realtime.spring.websocket.PerMessageDeflate;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.socket.WebSocketHandler;

/**
 * The HTTP part of a connection: one request, which {@link RequestDoor} has let through,
 * becomes a WebSocket or goes to the streams. On the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class HandshakeHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

	private static final String SUB_PROTOCOLS = "v12.stomp,v11.stomp,v10.stomp";

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
		if (request.decoderResult().isFailure()) {
			refuse(context, RequestDoor.malformed());
		}
		else {
			upgrade(context, request);
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
										this.listener.proxies()
											.client(ConnectionSetup.peer(context.channel()), request),
										this.listener.maxFrameSize(), extensions != null),
								request.uri());
					}
				});
		}
		catch (WebSocketHandshakeException ex) {
			refuse(context, RequestDoor.incomplete());
		}
	}

	private void opened(ChannelHandlerContext context, Handshake handshake, String uri) {
		this.deadline.cancel(false);
		this.listener.stats().opened();
		// The listener stays as long as the connection: it must not keep this handler,
		// which has the request.
		ListenerStats stats = this.listener.stats();
		context.channel().closeFuture().addListener((closed) -> stats.closed());
		WebSocketHandler handler = Objects.requireNonNull(this.listener.endpoint(uri));
		SessionHandler session = new SessionHandler(context.channel(), handler, handshake, this.listener);
		context.pipeline().addLast(session);
		context.pipeline().remove(this);
		session.opened();
		if (this.early) {
			session.cameTooEarly();
		}
		// Netty's own handlers of frames have served for the handshake only.
		context.pipeline().remove("wsencoder");
		context.pipeline().remove("wsdecoder");
	}

	private void refuse(ChannelHandlerContext context, Refusal refusal) {
		this.refused = true;
		this.listener.stats().refused(refusal.reason());
		this.listener.refused(context.channel(), this.request, refusal.door(), refusal.word());
		new NettyExchange(context.channel(), this.listener.deadline(), HttpVersion.HTTP_1_1, false, refusal.cors(),
				() -> {
				})
			.answer(refusal.answer());
	}

}

package dev.realtime.spring.netty;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import dev.realtime.spring.stream.Stream;
import dev.realtime.spring.stream.StreamAnswer;
import dev.realtime.spring.stream.StreamCall;
import dev.realtime.spring.stream.StreamKind;
import dev.realtime.spring.stream.Streams;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.http.HttpHeaders;

/**
 * A connection while one of its requests for a stream is answered: notices when the
 * client leaves, and makes way for the next request. On the event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class StreamHandler extends ChannelInboundHandlerAdapter {

	private static final Logger logger = LoggerFactory.getLogger(StreamHandler.class);

	private final ListenerContext listener;

	private final NettyExchange exchange;

	private @Nullable Stream stream;

	private boolean counted;

	private StreamHandler(Channel channel, FullHttpRequest request, ListenerContext listener, StreamKind kind) {
		this.listener = listener;
		this.exchange = new NettyExchange(channel, listener.deadline(), request.protocolVersion(),
				HttpUtil.isKeepAlive(request) && kind != StreamKind.SSE, RequestDoor.cors(request, listener, kind),
				() -> next(channel));
	}

	/** Answers a request in place of the handler that read it. */
	static void take(ChannelHandlerContext context, FullHttpRequest request, StreamKind kind,
			ListenerContext listener) {
		StreamHandler handler = new StreamHandler(context.channel(), request, listener, kind);
		context.pipeline().replace(context.name(), null, handler);
		handler.answer(context.channel(), request, kind);
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		this.exchange.closeWhenAnswered();
		ReferenceCountUtil.release(message);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		left();
		context.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		logger.debug("The socket of a stream over HTTP failed", cause);
		context.close();
	}

	private void answer(Channel channel, FullHttpRequest request, StreamKind kind) {
		if (request.method().equals(HttpMethod.OPTIONS)) {
			this.exchange.answer(StreamAnswer.options(kind, request.headers().get("Access-Control-Request-Headers")));
			return;
		}
		StreamCall call = call(channel, request);
		if (call == null) {
			this.exchange.closeWhenAnswered();
			this.exchange.answer(StreamAnswer.problem(400, "bad-request", "The address is not a valid URI"));
			return;
		}
		this.counted = true;
		this.listener.stats().opened();
		Streams streams = Objects.requireNonNull(this.listener.streams());
		this.stream = streams.open(kind, call, this.exchange);
	}

	/** Null when its address is malformed. */
	private @Nullable StreamCall call(Channel channel, FullHttpRequest request) {
		URI uri;
		try {
			uri = URI.create(request.uri());
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
		HttpHeaders headers = new HttpHeaders();
		for (Map.Entry<String, String> header : request.headers()) {
			headers.add(header.getKey(), header.getValue());
		}
		return new StreamCall(uri, uri.getRawQuery(), headers, ByteBufUtil.getBytes(request.content()), null,
				(InetSocketAddress) channel.localAddress(),
				this.listener.proxies().client(ConnectionSetup.peer(channel), request), new ConcurrentHashMap<>(4));
	}

	/** The answer is written and the client may ask again. */
	private void next(Channel channel) {
		left();
		AddressPlace.leave(channel);
		if (channel.isActive()) {
			Future<?> deadline = channel.eventLoop()
				.schedule(() -> channel.close(), this.listener.idle().toMillis(), TimeUnit.MILLISECONDS);
			channel.pipeline().replace(this, null, new HandshakeHandler(this.listener, deadline));
		}
	}

	private void left() {
		if (this.counted) {
			this.counted = false;
			this.listener.stats().closed();
		}
		if (this.stream != null) {
			this.stream.gone();
			this.stream = null;
		}
	}

}

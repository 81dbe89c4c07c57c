package dev.realtime.spring.netty;

import java.util.Map;

import dev.realtime.spring.audit.Door;
import dev.realtime.spring.stream.StreamAnswer;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Puts a request together. Of one that is too large the rest is read and thrown away, so
 * that the client gets to read why.
 */
final class RequestAggregator extends HttpObjectAggregator {

	private final ListenerContext listener;

	RequestAggregator(int most, ListenerContext listener) {
		super(most, true);
		this.listener = listener;
	}

	@Override
	protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
		StreamAnswer answer = StreamAnswer.tooLarge(maxContentLength());
		this.listener.refused(context.channel(), (oversized instanceof HttpRequest request) ? request : null, Door.HTTP,
				answer.refusal());
		new NettyExchange(context.channel(), this.listener.deadline(), HttpVersion.HTTP_1_1, true, Map.of(), () -> {
			// The handshake's deadline closes the connection if nothing follows.
		}).answer(answer);
	}

}

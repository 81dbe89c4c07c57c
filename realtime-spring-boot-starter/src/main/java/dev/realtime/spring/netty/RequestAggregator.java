package dev.realtime.spring.netty;

import java.util.Map;

import dev.realtime.spring.netty.RequestDoor.Refusal;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.stream.StreamAnswer;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;

/**
 * Puts a request together, unless it is refused by its line and headers. Of a request
 * that is refused the rest is read and thrown away, for as long as the client may take to
 * read why.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class RequestAggregator extends HttpObjectAggregator {

	private final ListenerContext listener;

	private boolean refused;

	RequestAggregator(ListenerContext listener) {
		super(listener.maxBody(), true);
		this.listener = listener;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
		if (this.refused) {
			boolean last = message instanceof LastHttpContent;
			ReferenceCountUtil.release(message);
			if (last) {
				context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
			}
			return;
		}
		if (message instanceof HttpRequest request && request.decoderResult().isSuccess()
				&& context.pipeline().get(HandshakeHandler.class) != null) {
			Refusal refusal = RequestDoor.refusal(context.channel(), request, this.listener);
			if (refusal != null) {
				ReferenceCountUtil.release(message);
				refuse(context, refusal.answer(), refusal.cors());
				this.listener.stats().refused(refusal.reason());
				this.listener.refused(context.channel(), request, refusal.door(), refusal.word());
				return;
			}
		}
		super.channelRead(context, message);
	}

	@Override
	protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
		StreamAnswer answer = StreamAnswer.tooLarge(maxContentLength());
		this.listener.refused(context.channel(), (oversized instanceof HttpRequest request) ? request : null, Door.HTTP,
				answer.refusal());
		refuse(context, answer, Map.of());
	}

	private void refuse(ChannelHandlerContext context, StreamAnswer answer, Map<String, String> cors) {
		this.refused = true;
		NettyExchange exchange = new NettyExchange(context.channel(), this.listener.deadline(), HttpVersion.HTTP_1_1,
				false, cors, () -> {
				});
		exchange.lingerWhenAnswered();
		exchange.answer(answer);
	}

}

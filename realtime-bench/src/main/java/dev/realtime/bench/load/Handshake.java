package dev.realtime.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;

/** The HTTP request that becomes a WebSocket, in front of it until it has. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Handshake extends ByteToMessageDecoder {

	private static final String END_OF_HEADERS = "\r\n\r\n";

	private final WebSocket socket;

	private final String request;

	Handshake(WebSocket socket, String request) {
		this.socket = socket;
		this.request = request;
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		context.fireChannelActive();
		byte[] bytes = this.request.getBytes(StandardCharsets.UTF_8);
		context.writeAndFlush(context.alloc().buffer(bytes.length).writeBytes(bytes));
	}

	@Override
	protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
		String answer = in.toString(StandardCharsets.ISO_8859_1);
		int end = answer.indexOf(END_OF_HEADERS);
		if (end < 0) {
			return;
		}
		if (!answer.startsWith("HTTP/1.1 101")) {
			in.skipBytes(in.readableBytes());
			this.socket.refused(answer);
			return;
		}
		in.skipBytes(end + END_OF_HEADERS.length());
		this.socket.opened();
		context.pipeline().remove(this);
	}

}

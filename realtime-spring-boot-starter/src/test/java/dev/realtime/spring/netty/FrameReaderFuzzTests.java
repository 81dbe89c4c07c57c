package dev.realtime.spring.netty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import dev.realtime.spring.websocket.FrameReader;
import dev.realtime.spring.websocket.FrameSink;
import dev.realtime.spring.websocket.WebSocketException;
import dev.realtime.testing.fuzz.FuzzContract;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

import static org.assertj.core.api.Assertions.assertThat;

/** Bytes are the frames that they are to Netty, in whichever pieces they come. */
@SuppressWarnings("FutureReturnValueIgnored")
class FrameReaderFuzzTests extends FuzzContract {

	private static final int MOST = 1_000;

	@Override
	protected List<byte[]> corpus() {
		byte[] hello = ClientFrame.utf8("grüß dich ✓ 😀");
		List<byte[]> corpus = new ArrayList<>();
		corpus.add(ClientFrame.last(ClientFrame.TEXT, hello));
		corpus.add(ClientFrame.last(ClientFrame.BINARY, new byte[200]));
		corpus.add(joined(ClientFrame.part(ClientFrame.TEXT, new byte[] { (byte) 0xce }),
				ClientFrame.last(ClientFrame.PING, hello),
				ClientFrame.last(ClientFrame.CONTINUATION, new byte[] { (byte) 0xba, 'x' })));
		corpus.add(joined(ClientFrame.last(ClientFrame.PONG, new byte[0]),
				ClientFrame.close(1000, ClientFrame.utf8("bye ✓"))));
		corpus.add(ClientFrame.textOfLength(65_537));
		corpus.add(ClientFrame.textOfLength(-1));
		corpus.add(ClientFrame.last(ClientFrame.CLOSE, new byte[0]));
		return corpus;
	}

	@Override
	protected Object check(byte[] input) {
		Outcome ours = read(input, input.length);
		assertThat(read(input, 1)).isEqualTo(ours);
		assertThat(read(input, 1 + random(input).nextInt(20))).isEqualTo(ours);
		Outcome netty = netty(input);
		if (ours.code() != 0 && netty.code() == 0 && netty.isClosed()) {
			// Netty takes codes above 4999, and a reason that ends within a character.
			return ours.code();
		}
		// Netty looks at a header, and at a text, when all of it is there.
		assertThat(ours.events()).isEqualTo(netty.events());
		if (netty.code() != 0) {
			// Netty refuses a close frame of one byte by its header.
			Outcome later = (ours.code() != 0) ? ours : read(Arrays.copyOf(input, input.length + 20), 1);
			assertThat(kind(later.code())).isEqualTo(kind(netty.code()));
		}
		return ours.code() + " " + ours.events().size();
	}

	/** A close frame can be wrong in two ways at once: each of the codes is right. */
	private static int kind(int code) {
		return (code == 1007) ? 1002 : code;
	}

	private static Outcome read(byte[] input, int piece) {
		Events events = new Events();
		FrameReader reader = new FrameReader(MOST, false);
		try {
			for (int at = 0; at < input.length; at += piece) {
				reader.read(ByteBuffer.wrap(input, at, Math.min(piece, input.length - at)), events);
			}
			return new Outcome(events.events, 0);
		}
		catch (WebSocketException ex) {
			return new Outcome(events.events, ex.code());
		}
	}

	private static Outcome netty(byte[] input) {
		Events events = new Events();
		int[] code = new int[1];
		EmbeddedChannel channel = new EmbeddedChannel(new WebSocket13FrameDecoder(WebSocketDecoderConfig.newBuilder()
			.maxFramePayloadLength(MOST)
			.expectMaskedFrames(true)
			.allowMaskMismatch(false)
			.allowExtensions(false)
			.closeOnProtocolViolation(false)
			.build()), new Utf8FrameValidator(false), new ChannelInboundHandlerAdapter() {

				@Override
				public void channelRead(ChannelHandlerContext context, Object message) {
					if (code[0] == 0) {
						events.frame((WebSocketFrame) message);
					}
					ReferenceCountUtil.release(message);
				}

				@Override
				public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
					if (code[0] == 0 && cause instanceof CorruptedWebSocketFrameException broken) {
						code[0] = broken.closeStatus().code();
					}
				}

			});
		channel.writeInbound(Unpooled.wrappedBuffer(input));
		channel.close();
		return new Outcome(events.events, code[0]);
	}

	private static byte[] joined(byte[]... frames) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] frame : frames) {
			all.writeBytes(frame);
		}
		return all.toByteArray();
	}

	private record Outcome(List<String> events, int code) {

		boolean isClosed() {
			return !this.events.isEmpty() && this.events.get(this.events.size() - 1).startsWith("close ");
		}

	}

	/** Messages as wholes, so that pieces make no difference. */
	private static final class Events implements FrameSink {

		final List<String> events = new ArrayList<>();

		private final ByteArrayOutputStream message = new ByteArrayOutputStream();

		private boolean closed;

		void frame(WebSocketFrame frame) {
			byte[] payload = ByteBufUtil.getBytes(frame.content());
			if (this.closed) {
				return;
			}
			if (frame instanceof PingWebSocketFrame) {
				ping(payload);
			}
			else if (frame instanceof PongWebSocketFrame) {
				pong();
			}
			else if (frame instanceof CloseWebSocketFrame close) {
				close((close.statusCode() < 0) ? 1005 : close.statusCode());
			}
			else {
				data(payload, false, false, frame.isFinalFragment());
			}
		}

		@Override
		public void data(byte[] payload, boolean text, boolean first, boolean last) {
			this.message.writeBytes(payload);
			if (last) {
				// An empty message says nothing.
				if (this.message.size() > 0) {
					this.events.add(HexFormat.of().formatHex(this.message.toByteArray()));
				}
				this.message.reset();
			}
		}

		@Override
		public void ping(byte[] payload) {
			this.events.add("ping " + HexFormat.of().formatHex(payload));
		}

		@Override
		public void pong() {
			this.events.add("pong");
		}

		@Override
		public void close(int code) {
			this.closed = true;
			this.events.add("close " + code);
		}

	}

}

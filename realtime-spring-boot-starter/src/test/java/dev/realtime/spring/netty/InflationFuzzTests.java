package dev.realtime.spring.netty;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.testing.fuzz.FuzzContract;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;

import static org.assertj.core.api.Assertions.assertThat;

/** A compressed message becomes what was compressed, or is refused within its bound. */
class InflationFuzzTests extends FuzzContract {

	private static final int MOST = 4_096;

	@Override
	protected List<byte[]> corpus() {
		List<byte[]> corpus = new ArrayList<>(bytes("", "\0"));
		for (String message : List.of("hello", "x".repeat(1_000), "x".repeat(MOST), "x".repeat(MOST + 1),
				"SEND\ndestination:/topic/a\n\n{}\0".repeat(20))) {
			corpus.add(deflated(ClientFrame.utf8(message)));
		}
		return corpus;
	}

	@Override
	protected Object check(byte[] input) {
		byte[] deflated = deflated(input);
		assertThat(deflated.length == 0 || input.length > MOST ? input : inflated(deflated)).isEqualTo(input);
		try {
			return inflated(input).length / 100;
		}
		catch (CorruptedWebSocketFrameException ex) {
			return ex.closeStatus().code();
		}
	}

	/** Nothing where compression would not make it smaller. */
	private static byte[] deflated(byte[] message) {
		ByteBuf deflated = Unpooled.buffer();
		return Deflation.append(message, deflated) ? ByteBufUtil.getBytes(deflated) : new byte[0];
	}

	private static byte[] inflated(byte[] compressed) {
		ByteBuf message = Inflation.inflate(Unpooled.wrappedBuffer(compressed), MOST, UnpooledByteBufAllocator.DEFAULT);
		try {
			assertThat(message.refCnt()).isOne();
			assertThat(message.capacity()).isLessThanOrEqualTo(MOST);
			return ByteBufUtil.getBytes(message);
		}
		finally {
			message.release();
		}
	}

}

package dev.realtime.spring.netty;

import java.util.HexFormat;

import dev.realtime.hub.BatchOf;
import dev.realtime.hub.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Frames as a server sends them, to the byte. */
class WebSocketBytesTests {

	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

	@ParameterizedTest
	@CsvSource({ "0, 8100", "1, 8101", "125, 817d", "126, 817e007e", "127, 817e007f", "65535, 817effff",
			"65536, 817f0000000000010000" })
	void theLengthIsWrittenAsShortAsPossible(int length, String header) {
		byte[] frame = bytes("x".repeat(length).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
		assertThat(hex(frame, 0, header.length() / 2)).isEqualTo(header);
		assertThat(frame).hasSize(header.length() / 2 + length);
		assertThat(new String(frame, header.length() / 2, length, java.nio.charset.StandardCharsets.US_ASCII))
			.isEqualTo("x".repeat(length));
	}

	@Test
	void whatIsUtf8IsTextAndAllElseIsBinary() {
		assertThat(bytes(ClientFrame.utf8("hello"))[0]).isEqualTo((byte) 0x81);
		assertThat(bytes(ClientFrame.utf8("grüß dich ✓ 😀"))[0]).isEqualTo((byte) 0x81);
		assertThat(bytes(new byte[] { 'a', (byte) 0xff })[0]).isEqualTo((byte) 0x82);
		assertThat(bytes(new byte[] { (byte) 0xed, (byte) 0xa0, (byte) 0x80 })[0]).isEqualTo((byte) 0x82);
	}

	@Test
	void eachFrameOfABatchIsAMessageOfItsOwn() {
		byte[] bytes = bytes(ClientFrame.utf8("one"), new byte[] { (byte) 0xff }, ClientFrame.utf8("\n"));
		assertThat(hex(bytes, 0, bytes.length)).isEqualTo("81036f6e65" + "8201ff" + "81010a");
	}

	@Test
	void theBytesLiveAsLongAsOneOfTheirWritersNeedsThem() {
		BatchBytes shared = new BatchBytes(BatchOf.frames(ClientFrame.utf8("one")), this.allocator);
		ByteBuf first = shared.share(false);
		ByteBuf second = shared.share(false);
		shared.release();
		first.skipBytes(first.readableBytes());
		first.release();
		assertThat(ByteBufUtil.hexDump(second)).isEqualTo("81036f6e65");
		second.release();
		assertThat(second.refCnt()).isZero();
		assertThat(first.refCnt()).isZero();
	}

	@Test
	void aCloseSaysCodeAndReason() {
		assertThat(ByteBufUtil.hexDump(WebSocketBytes.close(CloseReason.RESTART, this.allocator)))
			.isEqualTo("8809" + "03f4" + "72657374617274");
		assertThat(ByteBufUtil.hexDump(WebSocketBytes.close(new CloseReason(4999, ""), this.allocator)))
			.isEqualTo("8802" + "1387");
	}

	@Test
	void aCloseWithTheLongestReasonIsStillAControlFrame() {
		ByteBuf frame = WebSocketBytes.close(CloseReason.policy("ü✓".repeat(100)), this.allocator);
		assertThat(frame.getUnsignedByte(1)).isLessThanOrEqualTo((short) 125);
		assertThat(frame.readableBytes()).isEqualTo(2 + frame.getUnsignedByte(1));
	}

	@Test
	void pingsAndPongsCarryTheirPayloadAndLeaveItAsItWas() {
		ByteBuf payload = Unpooled.copiedBuffer(new byte[] { 1, 2, 3 });
		assertThat(ByteBufUtil.hexDump(WebSocketBytes.pong(payload, this.allocator))).isEqualTo("8a03010203");
		assertThat(ByteBufUtil.hexDump(WebSocketBytes.ping(payload, this.allocator))).isEqualTo("8903010203");
		assertThat(ByteBufUtil.hexDump(WebSocketBytes.ping(Unpooled.EMPTY_BUFFER, this.allocator))).isEqualTo("8900");
	}

	private byte[] bytes(byte[]... frames) {
		BatchBytes bytes = new BatchBytes(BatchOf.frames(frames), this.allocator);
		ByteBuf shared = bytes.share(false);
		byte[] all = ByteBufUtil.getBytes(shared);
		shared.release();
		bytes.release();
		return all;
	}

	private static String hex(byte[] bytes, int from, int to) {
		return HexFormat.of().formatHex(bytes, from, to);
	}

}

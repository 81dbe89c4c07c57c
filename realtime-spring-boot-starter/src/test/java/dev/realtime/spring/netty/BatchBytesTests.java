package dev.realtime.spring.netty;

import java.nio.ByteBuffer;
import java.util.HexFormat;

import dev.realtime.connection.CloseReason;
import dev.realtime.delivery.BatchOf;
import dev.realtime.spring.websocket.FrameWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Frames as a server sends them, to the byte. */
class BatchBytesTests {

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
		assertThat(hex(FrameWriter.close(CloseReason.RESTART))).isEqualTo("8809" + "03f4" + "72657374617274");
		assertThat(hex(FrameWriter.close(new CloseReason(4999, "")))).isEqualTo("8802" + "1387");
	}

	@Test
	void aCloseWithTheLongestReasonIsStillAControlFrame() {
		ByteBuffer frame = FrameWriter.close(CloseReason.policy("ü✓".repeat(100)));
		assertThat(frame.get(1)).isBetween((byte) 2, (byte) 125);
		assertThat(frame.remaining()).isEqualTo(2 + frame.get(1));
	}

	@Test
	void pingsAndPongsCarryTheirPayload() {
		assertThat(hex(FrameWriter.pong(new byte[] { 1, 2, 3 }))).isEqualTo("8a03010203");
		assertThat(hex(FrameWriter.ping(new byte[] { 1, 2, 3 }))).isEqualTo("8903010203");
		assertThat(hex(FrameWriter.ping(new byte[0]))).isEqualTo("8900");
	}

	@Test
	void clientsThatDecompressShareABufferOfTheirOwnAndSmallBatchesAreTheSameForAll() {
		BatchBytes large = new BatchBytes(BatchOf.frames(ClientFrame.utf8("x".repeat(1_000))), this.allocator);
		ByteBuf plain = large.share(false);
		ByteBuf compressed = large.share(true);
		ByteBuf again = large.share(true);
		assertThat(plain.readableBytes()).isEqualTo(1_004);
		assertThat(compressed.readableBytes()).isLessThan(30);
		assertThat(compressed.getUnsignedByte(0)).isEqualTo((short) 0xC1);
		assertThat(again.memoryAddress()).isEqualTo(compressed.memoryAddress());
		assertThat(compressed.memoryAddress()).isNotEqualTo(plain.memoryAddress());
		BatchBytes small = new BatchBytes(BatchOf.frames(ClientFrame.utf8("x".repeat(127))), this.allocator);
		ByteBuf asIs = small.share(true);
		assertThat(asIs.memoryAddress()).isEqualTo(small.share(false).memoryAddress());
	}

	private byte[] bytes(byte[]... frames) {
		BatchBytes bytes = new BatchBytes(BatchOf.frames(frames), this.allocator);
		ByteBuf shared = bytes.share(false);
		byte[] all = ByteBufUtil.getBytes(shared);
		shared.release();
		bytes.release();
		return all;
	}

	private static String hex(ByteBuffer frame) {
		byte[] bytes = new byte[frame.remaining()];
		frame.get(bytes);
		return HexFormat.of().formatHex(bytes);
	}

	private static String hex(byte[] bytes, int from, int to) {
		return HexFormat.of().formatHex(bytes, from, to);
	}

}

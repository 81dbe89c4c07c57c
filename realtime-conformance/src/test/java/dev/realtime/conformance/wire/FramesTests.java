package dev.realtime.conformance.wire;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/** What the proxy reads is what was written. */
class FramesTests {

	private static final StompFrame SEND = StompFrame.of("SEND", Map.of("na:me", "C:\\temp\nline two: \\n\r"),
			"before\u0000after".getBytes(StandardCharsets.UTF_8));

	@Test
	void frameHasItsHeadersAndBodyAgain() {
		StompFrame sized = SEND.with("content-length", "12");
		List<StompFrame> frames = read(sized.bytes(), 1_000);
		assertThat(frames).hasSize(1);
		assertThat(frames.get(0).header("na:me")).isEqualTo("C:\\temp\nline two: \\n\r");
		assertThat(frames.get(0).body()).isEqualTo("before\u0000after");
		assertThat(frames.get(0).bytes()).isEqualTo(sized.bytes());
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 7, 1_000 })
	void framesAreFoundHoweverTheyAreCut(int size) {
		String text = "\n\r\nCONNECT\r\nhost:a\\cb\r\n\r\n\u0000\nSUBSCRIBE\nid:1\nid:2\n\n\u0000SEND\ncontent-length:3\n\na\u0000b\u0000\n";
		List<StompFrame> frames = read(text.getBytes(StandardCharsets.UTF_8), size);
		assertThat(frames).extracting(StompFrame::command).containsExactly("CONNECT", "SUBSCRIBE", "SEND");
		// CONNECT has no escapes, and the first of repeated headers counts.
		assertThat(frames.get(0).header("host")).isEqualTo("a\\cb");
		assertThat(frames.get(1).header("id")).isEqualTo("1");
		assertThat(frames.get(2).body()).isEqualTo("a\u0000b");
	}

	@Test
	void lineEndsBetweenFramesAreHeartbeats() {
		List<Piece> pieces = new StompReader().read("\n\nSEND\n\n\u0000\n".getBytes(StandardCharsets.UTF_8));
		assertThat(pieces).extracting((piece) -> piece.frame() == null).containsExactly(true, true, false, true);
	}

	private static List<StompFrame> read(byte[] all, int size) {
		StompReader reader = new StompReader();
		List<StompFrame> frames = new ArrayList<>();
		for (int from = 0; from < all.length; from += size) {
			byte[] part = Arrays.copyOfRange(all, from, Math.min(all.length, from + size));
			reader.read(part).stream().map(Piece::frame).filter(Objects::nonNull).forEach(frames::add);
		}
		return frames;
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125, 126, 65_535, 65_536, 200_000 })
	void webSocketFrameOfAnyLengthIsReadAgain(int length) throws IOException {
		for (boolean masked : new boolean[] { true, false }) {
			WebSocketFrame read = decode(
					new WebSocketFrame(false, WebSocketFrame.BINARY, new byte[length]).encode(masked));
			assertThat(read.last).isFalse();
			assertThat(read.opcode).isEqualTo(WebSocketFrame.BINARY);
			assertThat(read.payload).hasSize(length);
		}
	}

	@Test
	void maskedPayloadIsUnmasked() throws IOException {
		byte[] masked = { (byte) 0x81, (byte) 0x85, 0x37, (byte) 0xfa, 0x21, 0x3d, 0x7f, (byte) 0x9f, 0x4d, 0x51,
				0x58 };
		assertThat(new String(decode(masked).payload, StandardCharsets.UTF_8)).isEqualTo("Hello");
	}

	@Test
	void closeFrameHasItsCode() throws IOException {
		assertThat(decode(WebSocketFrame.close(4501, "bye").encode(false)).closeCode()).isEqualTo(4501);
		assertThat(new WebSocketFrame(true, WebSocketFrame.CLOSE, new byte[0]).closeCode()).isEqualTo(1005);
	}

	@Test
	void compressedAndHugeFramesAreRefused() {
		assertThatIOException().isThrownBy(() -> decode(new byte[] { (byte) 0xc1, 0 }))
			.withMessageContaining("extension");
		assertThatIOException().isThrownBy(() -> decode(new byte[] { (byte) 0x82, 127, 0, 0, 0, 1, 0, 0, 0, 0 }))
			.withMessageContaining("too large");
	}

	private static WebSocketFrame decode(byte[] bytes) throws IOException {
		return WebSocketFrame.read(new DataInputStream(new ByteArrayInputStream(bytes)));
	}

}

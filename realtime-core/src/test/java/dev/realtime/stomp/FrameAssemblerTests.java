package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FrameAssemblerTests {

	private static final int MOST = 64 * 1024;

	private final FrameAssembler assembler = new FrameAssembler();

	private final List<String> found = new ArrayList<>();

	@Test
	void findsFramesInPiecesOfAnySize() {
		String[] frames = { "CONNECT\r\naccept-version:1.2\r\n\r\n\0",
				"SEND\ndestination:/a\ncontent-length:5\n\nab\0cd\0", "SEND\ndestination:/b\n\ntext ü\0",
				"SUBSCRIBE\nid:1\ndestination:/c\n\n\0" };
		String text = "\n\r\n" + frames[0] + '\n' + frames[1] + frames[2] + "\n\n" + frames[3];
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		Random random = new Random(42);
		for (int most = 1; most <= bytes.length; most++) {
			this.found.clear();
			for (int at = 0; at < bytes.length;) {
				int size = Math.min(bytes.length - at, 1 + random.nextInt(most));
				add(ByteBuffer.wrap(bytes, at, size));
				at += size;
			}
			assertThat(this.found).containsExactly(frames);
			assertThat(this.assembler.heldBytes()).isZero();
		}
	}

	@Test
	void copiesEachByteABoundedNumberOfTimesHoweverSmallThePiecesAre() {
		add("SEND\ndestination:/a\ncontent-length:48000\n\n");
		CountedBytes pieces = new CountedBytes();
		for (int i = 0; i < 48_000; i++) {
			add(ByteBuffer.wrap(pieces.one()));
			assertThat(this.assembler.heldBytes()).isLessThanOrEqualTo(49_000);
		}
		add("\0");
		assertThat(this.found).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "HELLO\n\n\0", "connect\n\n\0", "MESSAGE\n\n\0", "SEND\0", "SEND\ndestination:/a\0",
			"SEND\ncontent-length:-1\n\n\0", "SEND\ncontent-length:many\n\n\0", "SEND\ncontent-length:2\n\nabc\0",
			"CONNECT\ncontent-length:48000\n\n", "CONNECT\n\nx" })
	void refusesWhatCannotBeAFrame(String text) {
		assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> add(text));
		add("SEND\ndestination:/a\n\n\0");
		assertThat(this.found).isEmpty();
	}

	@Test
	void refusesAFrameThatIsTooLargeBeforeItHasCome() {
		assertThatExceptionOfType(MalformedFrameException.class)
			.isThrownBy(() -> add("SEND\ndestination:/a\ncontent-length:65536\n\n"))
			.withMessage("The frame has more than 65536 bytes")
			.matches(MalformedFrameException::isTooLarge);
	}

	@Test
	void refusesAHeadThatDoesNotEnd() {
		add("SEND\n");
		assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> {
			for (int i = 0; i < MOST; i++) {
				add("a:b\n");
			}
		}).matches(MalformedFrameException::isTooLarge);
		assertThat(this.assembler.heldBytes()).isZero();
	}

	@Test
	void refusesABodyThatDoesNotEnd() {
		add("SEND\ndestination:/a\n\n");
		assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> add("x".repeat(MOST)));
	}

	@Test
	void theFirstContentLengthCounts() {
		add("SEND\ndestination:/a\ncontent-length:3\ncontent-length:1\n\nabc\0");
		assertThat(this.found).hasSize(1);
	}

	private void add(String text) {
		add(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

	private void add(ByteBuffer piece) {
		this.assembler.add(piece, MOST,
				(frame) -> this.found.add(StandardCharsets.UTF_8.decode(frame.duplicate()).toString()));
		assertThat(piece.hasRemaining()).isFalse();
	}

	private static final class CountedBytes {

		private int count;

		byte[] one() {
			return new byte[] { (byte) ('a' + this.count++ % 26) };
		}

	}

}

package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

import dev.realtime.testing.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A header that is written is read back, whatever characters it has. */
class HeaderEscapePropertyTests {

	private static final int MAX_HEADERS = 8;

	/** Characters that mean something, and one of each length in UTF-8. */
	private static final String[] CHARACTERS = { "\\", "\n", "\r", ":", "\0", "n", "r", "c", " ", "\t", "\u007F", "é",
			"\uFEFF", "\uFFFD", "€", "😀", "\uD83D", "\uDE00" };

	@Test
	void anyHeaderIsReadBackAsItWasWritten() {
		Property.holds(5_000, HeaderEscapePropertyTests::headers, (headers) -> {
			List<StompFrame> frames = decode(frame(headers), headers.hashCode());
			assertThat(frames).hasSize(1);
			Map<String, List<String>> expected = new LinkedHashMap<>();
			headers.forEach((name, value) -> expected.computeIfAbsent(readable(name), (key) -> new ArrayList<>())
				.add(readable(value)));
			assertThat(frames.get(0).headers()).isEqualTo(expected);
		});
	}

	@Test
	void noHeaderIsTakenForTheEndOfALineOrOfAFrame() {
		Property.holds(2_000, HeaderEscapePropertyTests::headers, (headers) -> {
			byte[] frame = frame(headers);
			assertThat(count(frame, '\n')).isEqualTo(headers.size() + 2);
			assertThat(count(frame, ':')).isEqualTo(headers.size());
			assertThat(count(frame, '\r')).isZero();
			assertThat(count(frame, 0)).isOne();
		});
	}

	private static byte[] frame(Map<String, String> headers) {
		FrameWriter writer = new FrameWriter("SEND", 16);
		headers.forEach(writer::header);
		return writer.end();
	}

	/** Returns headers whose names are neither empty nor content-length. */
	private static Map<String, String> headers(RandomGenerator random) {
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = random.nextInt(MAX_HEADERS); i > 0; i--) {
			headers.put(text(random, 1), text(random, 0));
		}
		return headers;
	}

	private static String text(RandomGenerator random, int least) {
		StringBuilder text = new StringBuilder();
		for (int i = random.nextInt(least, 9); i > 0; i--) {
			text.append((random.nextInt(4) > 0) ? CHARACTERS[random.nextInt(CHARACTERS.length)]
					: String.valueOf((char) random.nextInt('\uFFFF' + 1)));
		}
		return text.toString();
	}

	/** What cannot be written is a question mark: NUL, and half a surrogate pair. */
	private static String readable(String text) {
		StringBuilder readable = new StringBuilder();
		text.codePoints()
			.map((each) -> (each == 0 || (each >= Character.MIN_SURROGATE && each <= Character.MAX_SURROGATE)) ? '?'
					: each)
			.forEach(readable::appendCodePoint);
		return readable.toString();
	}

	/** Decodes the frame in pieces that the seed decides. */
	private static List<StompFrame> decode(byte[] frame, long seed) {
		RandomGenerator random = new SplittableRandom(seed);
		StompDecoder decoder = new StompDecoder(frame.length, MAX_HEADERS);
		List<StompFrame> frames = new ArrayList<>();
		for (int from = 0; from < frame.length;) {
			int size = random.nextInt(1, frame.length - from + 1);
			ByteBuffer piece = ByteBuffer.wrap(frame, from, size);
			for (@Nullable
			StompFrame next = decoder.next(piece); next != null; next = decoder.next(piece)) {
				frames.add(next);
			}
			from += size;
		}
		return frames;
	}

	private static int count(byte[] bytes, int octet) {
		int count = 0;
		for (byte each : bytes) {
			count += (each == octet) ? 1 : 0;
		}
		return count;
	}

}

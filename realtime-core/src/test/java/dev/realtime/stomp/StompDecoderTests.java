package dev.realtime.stomp;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.stomp.WireFixtures.Case;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class StompDecoderTests {

	private static final int MOST = 65_536;

	/** Two frames with heartbeats around them, and all that a frame can have. */
	private static final String CONVERSATION = String.join("",
			"\n\r\nCONNECT\r\naccept-version:1.2\r\nlogin:a\\nb\r\n\r\n\0\n",
			"SEND\ndestination:/topic/a\\cb\ncontent-length:6\nname:ä€😀\\\\\\n\\r\\c\nempty:\nname:second\n\na\0b\nc\0\0\r\n",
			"SEND\ndestination:x\n\nto the NUL\0", "UNSUBSCRIBE\nid:1\ncontent-length:0\n\n\0\n");

	private final StompDecoder decoder = new StompDecoder(MOST, 64);

	@Test
	void readsCommandHeadersAndBody() {
		List<StompFrame> frames = decode(this.decoder, bytes(CONVERSATION));
		assertThat(frames).extracting(StompFrame::command)
			.containsExactly(StompCommand.CONNECT, StompCommand.SEND, StompCommand.SEND, StompCommand.UNSUBSCRIBE);
		assertThat(frames.get(0).headers())
			.isEqualTo(Map.of("accept-version", List.of("1.2"), "login", List.of("a\\nb")));
		assertThat(frames.get(1).headers()).containsEntry("destination", List.of("/topic/a:b"))
			.containsEntry("name", List.of("ä€😀\\\n\r:", "second"))
			.containsEntry("empty", List.of(""));
		assertThat(frames.get(1).header("name")).isEqualTo("ä€😀\\\n\r:");
		assertThat(frames.get(1).headerCount()).isEqualTo(5);
		assertThat(frames.get(1).body()).isEqualTo(bytes("a\0b\nc\0"));
		assertThat(frames.get(2).body()).isEqualTo(bytes("to the NUL"));
		assertThat(frames.get(3).body()).isEmpty();
		assertThat(frames.get(2).bytes()).isEqualTo(ByteBuffer.wrap(bytes("SEND\ndestination:x\n\nto the NUL\0")));
		assertThat(this.decoder.heldBytes()).isZero();
	}

	@Test
	void commonNamesAreSharedAndNamesLikeThemAreNot() {
		List<StompFrame> frames = decode(this.decoder,
				bytes("SEND\ndestination:a\\nb\nDestination:c\nreceipt:1\nreceips:2\n\\cd:3\nid:4\nid:5\n\nx\0"
						+ "SEND\ndestination:d\n\nx\0"));
		assertThat(frames.get(0).headers())
			.isEqualTo(Map.of("destination", List.of("a\nb"), "Destination", List.of("c"), "receipt", List.of("1"),
					"receips", List.of("2"), ":d", List.of("3"), "id", List.of("4", "5")));
		assertThat(frames.get(1).headers().keySet().iterator().next())
			.isSameAs(frames.get(0).headers().keySet().iterator().next());
	}

	@Test
	void piecesMakeNoDifference() {
		byte[] all = bytes(CONVERSATION);
		List<String> expected = texts(decode(this.decoder, all));
		for (int first = 1; first < all.length; first++) {
			StompDecoder each = new StompDecoder(MOST, 64);
			List<StompFrame> frames = decode(each, Arrays.copyOfRange(all, 0, first));
			frames.addAll(decode(each, Arrays.copyOfRange(all, first, all.length)));
			assertThat(texts(frames)).as("cut at %d", first).isEqualTo(expected);
		}
		assertThat(texts(bytewise(new StompDecoder(MOST, 64), all))).isEqualTo(expected);
	}

	@ParameterizedTest
	@MethodSource("largeFrames")
	void rule8_whatIsHeldAndAllocatedIsLinearHoweverManyPiecesAFrameComesIn(String frame) {
		byte[] all = bytes(frame);
		List<byte[]> pieces = IntStream.range(0, all.length).mapToObj((i) -> new byte[] { all[i] }).toList();
		long before = allocated();
		List<StompFrame> frames = new ArrayList<>();
		for (byte[] piece : pieces) {
			frames.addAll(decode(this.decoder, piece));
			assertThat(this.decoder.heldBytes() <= all.length).isTrue();
		}
		assertThat(frames).hasSize(1);
		assertThat(allocated() - before).isLessThan(1_000L * all.length);
	}

	private static long allocated() {
		return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

	static Stream<String> largeFrames() {
		return Stream.of("SEND\ndestination:x\ncontent-length:48000\n\n" + "x".repeat(48_000) + '\0',
				"SEND\ndestination:x\n\n" + "x".repeat(48_000) + '\0', "SEND\nx:" + "x".repeat(48_000) + "\n\n\0",
				"SEND\n" + "x:\n".repeat(16_000) + "\n\0");
	}

	@Test
	void aFrameWithinOnePieceIsNotHeld() {
		ByteBuffer piece = ByteBuffer.wrap(bytes("SEND\ndestination:x\n\n\0".repeat(3_000)));
		for (int i = 0; i < 3_000; i++) {
			assertThat(this.decoder.next(piece)).isNotNull();
			assertThat(this.decoder.heldBytes()).isZero();
		}
		assertThat(this.decoder.next(piece)).isNull();
	}

	@Test
	void aDirectBufferAndOneWithAnOffsetAreDecodedAlike() {
		byte[] all = bytes(CONVERSATION);
		ByteBuffer direct = ByteBuffer.allocateDirect(all.length).put(all).flip();
		ByteBuffer offset = ByteBuffer.wrap(bytes("xxx" + CONVERSATION + "xxx"), 3, all.length).slice();
		List<String> expected = texts(decode(new StompDecoder(MOST, 64), all));
		assertThat(texts(decode(new StompDecoder(MOST, 64), direct))).isEqualTo(expected);
		assertThat(texts(decode(new StompDecoder(MOST, 64), offset))).isEqualTo(expected);
	}

	/** A line longer than any command or length is still that line. */
	@Test
	void aLongLineCountsToItsEnd() {
		String zeros = "0".repeat(100);
		StompFrame frame = decode(this.decoder,
				bytes("SEND\ncontent-length:" + zeros + "3\nx:" + zeros + "\r\n\na\0b\0"))
			.get(0);
		assertThat(frame.body()).isEqualTo(bytes("a\0b"));
		assertThat(frame.header("x")).isEqualTo(zeros);
	}

	@Test
	void theFirstContentLengthCounts() {
		assertThat(decode(this.decoder, bytes("SEND\ncontent-length:3\ncontent-length:1\n\nabc\0"))).hasSize(1);
	}

	@Test
	void rule8_headersAboveTheLimitAreCountedButNotKept() {
		StompFrame frame = decode(new StompDecoder(MOST, 3), bytes("SEND\n" + "x:1\n".repeat(10_000) + "\n\0")).get(0);
		assertThat(frame.headerCount()).isEqualTo(10_000);
		assertThat(frame.headers()).isEqualTo(Map.of("x", List.of("1", "1", "1")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "SEND\ndestination:x\n\n", "SEND\ndestination:", "SEND\n",
			"SEND\ndestination:x\ncontent-length:40000\n\n" })
	void rule8_aFrameAboveTheLimitEndsBeforeItIsWhole(String begin) {
		StompDecoder small = new StompDecoder(1_024, 64);
		MalformedFrameException failure = catchThrowableOfType(MalformedFrameException.class,
				() -> decode(small, bytes(begin + "x".repeat(1_024))));
		assertThat(failure).hasMessage("The frame has more than 1024 bytes");
		assertThat(failure.isTooLarge()).isTrue();
	}

	@Test
	void aFrameOfExactlyTheLimitPasses() {
		byte[] frame = bytes("SEND\n\n" + "x".repeat(1_017) + '\0');
		assertThat(decode(new StompDecoder(frame.length, 64), frame)).hasSize(1);
		assertThatThrownBy(() -> decode(new StompDecoder(frame.length - 1, 64), frame))
			.isInstanceOf(MalformedFrameException.class);
	}

	@Test
	void aLargerLimitHoldsFromTheNextFrameOn() {
		StompDecoder growing = new StompDecoder(64, 64);
		ByteBuffer piece = ByteBuffer.wrap(bytes("CONNECT\n\n\0SEND\n\n" + "x".repeat(100) + '\0'));
		assertThat(growing.next(piece)).isNotNull();
		growing.setMaxFrameBytes(1_024);
		assertThat(growing.next(piece)).isNotNull();
		assertThat(piece.hasRemaining()).isFalse();
	}

	@Test
	void lineEndsBetweenFramesAreNoFrame() {
		assertThat(bytewise(this.decoder, bytes("\n\r\n\n\r\n"))).isEmpty();
		assertThat(this.decoder.heldBytes()).isZero();
	}

	@ParameterizedTest
	@MethodSource("badFrames")
	void aBadFrameIsAnsweredAsTheFixturesSay(Case fixture) {
		byte[] sent = bytes(fixture.string("sent"));
		for (boolean bytewise : new boolean[] { false, true }) {
			StompDecoder each = new StompDecoder(MOST, 64);
			MalformedFrameException failure = catchThrowableOfType(MalformedFrameException.class,
					() -> assertThat(bytewise ? bytewise(each, sent) : decode(each, sent)).isNull());
			assertThat(StompFrames.error(failure.sentence(), failure.receipt())).asString(StandardCharsets.UTF_8)
				.isEqualTo(fixture.text());
			assertThat(failure.isTooLarge()).isFalse();
		}
	}

	static List<Case> badFrames() {
		return WireFixtures.read("bad-frame.json");
	}

	@Test
	void aHeaderMustBeUtf8() {
		byte[] frame = bytes("SEND\nx:y\n\n\0");
		frame[7] = (byte) 0xC3;
		assertThatThrownBy(() -> decode(this.decoder, frame)).isInstanceOf(MalformedFrameException.class)
			.hasMessage("The command and the headers must be UTF-8");
	}

	@Test
	void whateverComesIsAFrameOrABadFrameAndPiecesMakeNoDifference() {
		for (int seed = 0; seed < 3_000; seed++) {
			byte[] noise = noise(new Random(seed));
			assertThat(outcome(noise, noise.length)).as("seed %d", seed)
				.isEqualTo(outcome(noise, 1))
				.isEqualTo(outcome(noise, 7));
		}
	}

	/** A conversation with some bytes changed, left out or doubled. */
	private static byte[] noise(Random random) {
		String alphabet = "\0\n\r:\\xS9-";
		StringBuilder text = new StringBuilder(CONVERSATION);
		for (int i = 0; i < 1 + random.nextInt(3); i++) {
			int at = random.nextInt(text.length());
			switch (random.nextInt(3)) {
				case 0 -> text.setCharAt(at, alphabet.charAt(random.nextInt(alphabet.length())));
				case 1 -> text.deleteCharAt(at);
				default -> text.insert(at, text.charAt(at));
			}
		}
		return bytes(text.toString());
	}

	private static List<String> outcome(byte[] all, int size) {
		StompDecoder each = new StompDecoder(300, 64);
		List<String> outcome = new ArrayList<>();
		try {
			for (int i = 0; i < all.length; i += size) {
				ByteBuffer piece = ByteBuffer.wrap(all, i, Math.min(size, all.length - i));
				for (@Nullable
				StompFrame next = each.next(piece); next != null; next = each.next(piece)) {
					outcome.add(text(next));
				}
			}
		}
		catch (MalformedFrameException ex) {
			// Which of two faults of one frame is found first may depend on the pieces.
			outcome.add("bad");
		}
		return outcome;
	}

	private static List<StompFrame> decode(StompDecoder decoder, byte[] bytes) {
		return decode(decoder, ByteBuffer.wrap(bytes));
	}

	private static List<StompFrame> decode(StompDecoder decoder, ByteBuffer piece) {
		List<StompFrame> frames = new ArrayList<>();
		for (@Nullable
		StompFrame next = decoder.next(piece); next != null; next = decoder.next(piece)) {
			frames.add(next);
		}
		return frames;
	}

	private static List<StompFrame> bytewise(StompDecoder decoder, byte[] bytes) {
		List<StompFrame> frames = new ArrayList<>();
		for (byte each : bytes) {
			frames.addAll(decode(decoder, new byte[] { each }));
		}
		return frames;
	}

	private static List<String> texts(List<StompFrame> frames) {
		return frames.stream().map(StompDecoderTests::text).toList();
	}

	private static String text(StompFrame frame) {
		return frame.command().name() + frame.headers() + new String(frame.body(), StandardCharsets.UTF_8);
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}

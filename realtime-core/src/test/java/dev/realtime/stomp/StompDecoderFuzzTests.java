package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;

import dev.realtime.testing.fuzz.FuzzContract;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client's bytes are the same frames however they are cut into pieces, and a frame that
 * is written anew is the same frame.
 */
class StompDecoderFuzzTests extends FuzzContract {

	private static final int MAX_HEADERS = 16;

	/** Longer sentences would let a client choose what a log is full of. */
	private static final int MOST_SENTENCE = 200;

	@Override
	protected List<byte[]> corpus() {
		List<byte[]> corpus = new ArrayList<>(bytes(
				"CONNECT\naccept-version:1.2,1.1\nhost:x\nheart-beat:10000,10000\nlogin:a\\nb\n\n\0\n",
				"STOMP\r\naccept-version:1.2\r\n\r\n\0",
				"SEND\ndestination:/topic/a\\cb\ncontent-length:6\nname:ä€😀\\\\\\n\\r\\c\nempty:\nname:second\n\na\0b\nc\0\0",
				"SUBSCRIBE\nid:1\ndestination:/topic/x\nreceipt:r\n\n\0\n\n\r\nUNSUBSCRIBE\nid:1\ncontent-length:0\n\n\0",
				"BEGIN\ntransaction:t\n\n\0SEND\ndestination:x\ntransaction:t\n\nto the NUL\0COMMIT\ntransaction:t\n\n\0",
				"ACK\nid:1\n\n\0NACK\nid:2\n\n\0ABORT\ntransaction:t\n\n\0DISCONNECT\nreceipt:bye\n\n\0"));
		WireFixtures.read("bad-frame.json").forEach((each) -> corpus.addAll(bytes(each.string("sent"))));
		return corpus;
	}

	@Override
	protected List<String> words() {
		List<String> words = new ArrayList<>(List.of("\n\n\0", "\r\n\r\n\0", "content-length:", "content-length:3\n",
				"receipt:r\n", "\\n", "\\c", "\\\\", "\\x", ":\n", "\0", "é", "😀"));
		Arrays.stream(StompCommand.values()).forEach((command) -> words.add(command + "\n"));
		return words;
	}

	@Override
	protected int maxLength() {
		return 8_192;
	}

	@Override
	protected Object check(byte[] input) {
		Random random = random(input);
		int maxFrame = random.nextBoolean() ? 8_192 : 20 + random.nextInt(200);
		Outcome whole = decode(input, maxFrame, (left) -> left, false);
		int least = 1 + random.nextInt(16);
		List<Outcome> others = List.of(decode(input, maxFrame, (left) -> 1, false),
				decode(input, maxFrame, (left) -> least + random.nextInt(least), false),
				decode(input, maxFrame, (left) -> left, true),
				decode(input, maxFrame, (left) -> least + random.nextInt(64), true));
		for (Outcome other : others) {
			assertThat(other.frames()).isEqualTo(whole.frames());
			assertThat(other.broken()).isEqualTo(whole.broken());
			if (!whole.broken()) {
				assertThat(other.held()).isEqualTo(whole.held());
			}
		}
		return List.of(whole.broken(), whole.frames().size(), Math.min(3, whole.held() / 10), whole.kinds());
	}

	/** Gives the input to a decoder in pieces. */
	private static Outcome decode(byte[] input, int maxFrame, IntUnaryOperator sizes, boolean direct) {
		StompDecoder decoder = new StompDecoder(maxFrame, MAX_HEADERS);
		List<String> frames = new ArrayList<>();
		List<String> kinds = new ArrayList<>();
		for (int at = 0; at < input.length;) {
			int size = Math.min(input.length - at, sizes.applyAsInt(input.length - at));
			ByteBuffer piece = direct ? ByteBuffer.allocateDirect(size).put(input, at, size).flip()
					: ByteBuffer.wrap(input, at, size);
			try {
				for (@Nullable
				StompFrame next = decoder.next(piece); next != null; next = decoder.next(piece)) {
					frames.add(checked(next, maxFrame));
					kinds.add(next.command() + "/" + next.headerCount());
				}
			}
			catch (MalformedFrameException ex) {
				kinds.add(ex.sentence().replaceAll("\".*\"|\\d+", ""));
				assertThat(isPlain(ex.sentence())).isTrue();
				assertThat(ex.sentence()).hasSizeLessThan(MOST_SENTENCE);
				return new Outcome(frames, true, decoder.heldBytes(), kinds);
			}
			assertThat(piece.hasRemaining()).isFalse();
			assertThat(decoder.heldBytes()).isLessThanOrEqualTo(maxFrame);
			at += size;
		}
		return new Outcome(frames, false, decoder.heldBytes(), kinds);
	}

	private static String checked(StompFrame frame, int maxFrame) {
		assertThat(frame.size()).isBetween(1, maxFrame);
		assertThat(frame.headers().values().stream().mapToInt(List::size).sum())
			.isEqualTo(Math.min(MAX_HEADERS, frame.headerCount()));
		String shown = shown(frame);
		StompFrame again = new StompDecoder(frame.size(), MAX_HEADERS).next(copy(frame.bytes()));
		assertThat((again != null) ? shown(again) : null).isEqualTo(shown);
		if (!frame.command().opens()) {
			assertThat(firsts(written(frame))).isEqualTo(firsts(frame));
		}
		return shown;
	}

	/** Writes the frame as the server writes frames and decodes that. */
	private static StompFrame written(StompFrame frame) {
		FrameWriter writer = new FrameWriter(frame.command().name(), 64);
		frame.headers().forEach((name, values) -> {
			if (!name.equals("content-length")) {
				writer.header(name, values.get(0));
			}
		});
		byte[] body = frame.body();
		byte[] bytes = writer.header("content-length", body.length).body(ByteBuffer.wrap(body));
		StompFrame again = new StompDecoder(bytes.length, MAX_HEADERS + 1).next(ByteBuffer.wrap(bytes));
		if (again == null) {
			throw new AssertionError("What is written is no whole frame");
		}
		return again;
	}

	private static List<Object> firsts(StompFrame frame) {
		List<Object> firsts = new ArrayList<>(
				List.of(frame.command(), new String(frame.body(), StandardCharsets.ISO_8859_1)));
		for (Map.Entry<String, List<String>> header : frame.headers().entrySet()) {
			if (!header.getKey().equals("content-length")) {
				firsts.add(header.getKey() + ':' + header.getValue().get(0));
			}
		}
		return firsts;
	}

	private static String shown(StompFrame frame) {
		return frame.command().name() + frame.headerCount() + frame.headers()
				+ new String(frame.body(), StandardCharsets.ISO_8859_1);
	}

	private static ByteBuffer copy(ByteBuffer bytes) {
		return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
	}

	private record Outcome(List<String> frames, boolean broken, int held, List<String> kinds) {
	}

}

package dev.realtime.spring.netty;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import dev.realtime.spring.websocket.FrameReader;
import dev.realtime.spring.websocket.FrameSink;
import dev.realtime.spring.websocket.WebSocketException;
import dev.realtime.testing.fuzz.FuzzContract;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Frames of a client that may compress: what was compressed is read as it was, in
 * whichever frames and pieces it comes, and nothing is larger than allowed.
 */
class CompressedFramesFuzzTests extends FuzzContract {

	private static final int MOST = 1_000;

	@Override
	protected List<byte[]> corpus() {
		byte[] hello = WireFrame.deflate(ClientFrame.utf8("grüß dich ✓ 😀".repeat(20)));
		List<byte[]> corpus = new ArrayList<>();
		corpus.add(ClientFrame.masked(0xC1, hello));
		corpus.add(ClientFrame.masked(0xC2, WireFrame.deflate(new byte[100_000])));
		corpus.add(joined(ClientFrame.masked(0x41, Arrays.copyOf(hello, 7)),
				ClientFrame.last(ClientFrame.PING, new byte[3]),
				ClientFrame.last(ClientFrame.CONTINUATION, Arrays.copyOfRange(hello, 7, hello.length)),
				ClientFrame.last(ClientFrame.TEXT, ClientFrame.utf8("plain"))));
		corpus.add(ClientFrame.masked(0xC9, new byte[2]));
		corpus.add(ClientFrame.masked(0xC1, new byte[0]));
		return corpus;
	}

	@Override
	protected Object check(byte[] input) {
		Random random = random(input);
		String whole = read(input, input.length, random);
		assertThat(read(input, 1, random)).isEqualTo(whole);
		assertThat(read(input, 1 + random.nextInt(20), random)).isEqualTo(whole);
		String sent = read(frames(input, random), 1 + random.nextInt(50), random);
		assertThat(sent).isEqualTo((input.length == 0) ? "[]"
				: (input.length > MOST) ? "[] 1009" : "[" + HexFormat.of().formatHex(input) + "]");
		return whole.length() / 100 + whole.substring(whole.lastIndexOf(']'));
	}

	/** The input as a compressed message in several frames, with pongs between them. */
	private static byte[] frames(byte[] input, Random random) {
		byte[] deflated = WireFrame.deflate(input);
		ByteArrayOutputStream frames = new ByteArrayOutputStream();
		int first = 0x42;
		int at = 0;
		for (int parts = random.nextInt(4); parts > 0; parts--) {
			int to = at + random.nextInt(deflated.length - at + 1);
			frames.writeBytes(ClientFrame.masked(first, Arrays.copyOfRange(deflated, at, to)));
			frames.writeBytes(ClientFrame.last(ClientFrame.PONG, new byte[2]));
			first = ClientFrame.CONTINUATION;
			at = to;
		}
		frames.writeBytes(ClientFrame.masked(0x80 | first, Arrays.copyOfRange(deflated, at, deflated.length)));
		return frames.toByteArray();
	}

	/** Returns the messages, and the code with which the connection would be closed. */
	private static String read(byte[] input, int piece, Random random) {
		Messages messages = new Messages(random);
		FrameReader reader = new FrameReader(MOST, true);
		try {
			for (int at = 0; at < input.length; at += piece) {
				ByteBuffer bytes = ByteBuffer.wrap(input, at, Math.min(piece, input.length - at));
				while (bytes.hasRemaining() && !messages.closed) {
					reader.read(bytes, messages);
				}
			}
			return messages.whole.toString();
		}
		catch (WebSocketException ex) {
			return messages.whole + " " + ex.code();
		}
	}

	private static byte[] joined(byte[]... frames) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		for (byte[] frame : frames) {
			all.writeBytes(frame);
		}
		return all.toByteArray();
	}

	/** Full now and then. */
	private static final class Messages implements FrameSink {

		final List<String> whole = new ArrayList<>();

		boolean closed;

		private final Random random;

		private final ByteArrayOutputStream message = new ByteArrayOutputStream();

		Messages(Random random) {
			this.random = random;
		}

		@Override
		public boolean isFull() {
			return this.random.nextInt(3) == 0;
		}

		@Override
		public void data(byte[] payload, boolean text, boolean first, boolean last) {
			assertThat(payload).hasSizeLessThanOrEqualTo(MOST);
			this.message.writeBytes(payload);
			if (last) {
				if (this.message.size() > 0) {
					this.whole.add(HexFormat.of().formatHex(this.message.toByteArray()));
				}
				this.message.reset();
			}
		}

		@Override
		public void ping(byte[] payload) {
			this.whole.add("ping");
		}

		@Override
		public void pong() {
		}

		@Override
		public void close(int code) {
			this.closed = true;
			this.whole.add("close");
		}

	}

}

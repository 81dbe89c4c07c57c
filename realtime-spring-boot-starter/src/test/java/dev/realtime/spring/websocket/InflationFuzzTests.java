package dev.realtime.spring.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.testing.fuzz.FuzzContract;

import static org.assertj.core.api.Assertions.assertThat;

/** A compressed message becomes what was compressed, or is refused within its bound. */
class InflationFuzzTests extends FuzzContract {

	private static final int MOST = 4_096;

	@Override
	protected List<byte[]> corpus() {
		List<byte[]> corpus = new ArrayList<>(bytes("", "\0"));
		for (String message : List.of("hello", "x".repeat(1_000), "x".repeat(MOST), "x".repeat(MOST + 1),
				"SEND\ndestination:/topic/a\n\n{}\0".repeat(20))) {
			corpus.add(deflated(message.getBytes(StandardCharsets.UTF_8)));
		}
		return corpus;
	}

	@Override
	protected Object check(byte[] input) {
		byte[] deflated = deflated(input);
		try {
			assertThat(deflated.length == 0 || input.length > MOST ? input : Inflation.inflate(deflated, MOST))
				.isEqualTo(input);
			byte[] inflated = Inflation.inflate(input, MOST);
			assertThat(inflated).hasSizeLessThanOrEqualTo(MOST);
			return inflated.length / 100;
		}
		catch (WebSocketException ex) {
			return ex.code();
		}
	}

	/** Nothing where compression would not make it smaller. */
	private static byte[] deflated(byte[] message) {
		ByteBuffer deflated = Deflation.deflate(message);
		if (deflated == null) {
			return new byte[0];
		}
		byte[] bytes = new byte[deflated.remaining()];
		deflated.get(bytes);
		return bytes;
	}

}

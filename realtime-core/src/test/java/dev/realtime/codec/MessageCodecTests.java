package dev.realtime.codec;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class MessageCodecTests {

	private static final Topic TOPIC = Topic.of("room.42");

	private static final Position POSITION = new Position("EPOCH", 7);

	private static final Publication FULL = Publication.to(TOPIC)
		.payload(new byte[] { 0, -1, '\n' }, "a/b")
		.type("kind")
		.header("n", "v")
		.header("empty", "")
		.id("id")
		.excludeSession("ä")
		.timeToLive(Duration.ofMillis(300))
		.build();

	@Test
	void theBytesOfAMessageAreTheseForEver() {
		assertThat(HexFormat.of().formatHex(MessageCodec.blob(FULL)))
			.isEqualTo("01" + "000000000000012c" + "00026964" + "00046b696e64" + "0003612f62" + "0002c3a4" + "0002"
					+ "00016e" + "000176" + "0005656d707479" + "0000" + "00ff0a");
		assertThat(HexFormat.of().formatHex(MessageCodec.blob(Publication.of(TOPIC, Content.text("x"))))).isEqualTo("01"
				+ "0000000000000000" + "ffff" + "ffff" + "0018"
				+ HexFormat.of().formatHex(Content.TEXT.getBytes(StandardCharsets.US_ASCII)) + "ffff" + "0000" + "78");
	}

	@Test
	void aMessageComesBackAsItWas() {
		TopicMessage message = MessageCodec.message(TOPIC, POSITION, 1_000, MessageCodec.blob(FULL));

		assertThat(message).usingRecursiveComparison()
			.isEqualTo(new TopicMessage(TOPIC, POSITION, 1_000, "id", FULL.content(), "ä", 1_300));
		assertThat(message).usingRecursiveComparison()
			.isEqualTo(MessageCodec.announced(TOPIC, MessageCodec.announcement(message)));
	}

	@Test
	void everyTruncationAndEveryForeignByteIsReadOrRefusedCleanly() {
		byte[] blob = MessageCodec.blob(FULL);
		IntStream.range(0, blob.length - 3)
			.forEach((length) -> assertThatIllegalArgumentException()
				.isThrownBy(() -> MessageCodec.message(TOPIC, POSITION, 1, Arrays.copyOf(blob, length))));
		for (int i = 0; i < blob.length; i++) {
			for (int value = 0; value < 256; value++) {
				byte[] changed = blob.clone();
				changed[i] = (byte) value;
				try {
					MessageCodec.message(TOPIC, POSITION, 1, changed);
				}
				catch (IllegalArgumentException ex) {
					assertThat(ex).hasMessageNotContaining("null");
				}
			}
		}
	}

	@Test
	void anUnknownVersionIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> MessageCodec.message(TOPIC, POSITION, 1, ByteBuffer.allocate(40).put((byte) 2).array()))
			.withMessageContaining("version 2");
	}

	@Test
	void whatTheFormatCannotHoldIsRefused() {
		Map<String, String> headers = new HashMap<>();
		IntStream.range(0, 257).forEach((i) -> headers.put("h" + i, ""));

		assertThatIllegalArgumentException()
			.isThrownBy(() -> MessageCodec.blob(Publication.of(TOPIC, Content.of(new byte[0], "a/b", null, headers))))
			.withMessageContaining("256 headers");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> MessageCodec.blob(Publication.to(TOPIC).header("h", "x".repeat(65_535)).build()))
			.withMessageContaining("65534 bytes");
	}

}

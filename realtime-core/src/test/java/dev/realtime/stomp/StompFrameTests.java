package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class StompFrameTests {

	@Test
	void decodesCommandHeadersAndBody() {
		StompFrame frame = decode("SEND\r\ndestination:/topic/a\\cb\r\nx:1\nx:2\n\nhello\0\r\n\n");
		assertThat(frame.command()).isEqualTo(StompCommand.SEND);
		assertThat(frame.headers()).containsExactly(Map.entry("destination", List.of("/topic/a:b")),
				Map.entry("x", List.of("1", "2")));
		assertThat(StandardCharsets.UTF_8.decode(frame.body()).toString()).isEqualTo("hello");
	}

	@Test
	void aBodyMayHoldNulWhenItsLengthIsTold() {
		assertThat(decode("SEND\ncontent-length:3\n\na\0b\0").body().remaining()).isEqualTo(3);
	}

	@Test
	void headersOfConnectHaveNoEscapes() {
		assertThat(decode("CONNECT\npasscode:a\\nb:c\n\n\0").headers()).containsEntry("passcode", List.of("a\\nb:c"));
	}

	@ParameterizedTest
	@MethodSource("malformed")
	void refusesWithASentence(String frame, String sentence) {
		assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> decode(frame)).withMessage(sentence);
	}

	static Stream<Arguments> malformed() {
		String noEnd = "The frame ends before its headers do: an empty line is missing";
		String escape = "A header has an escape other than \\\\, \\n, \\r and \\c: ";
		return Stream.of(Arguments.of("HELLO\n\n\0", "\"HELLO\" is not a command of a STOMP 1.2 client"),
				Arguments.of("MESSAGE\n\n\0", "\"MESSAGE\" is not a command of a STOMP 1.2 client"),
				Arguments.of("SEND\nnothing\n\n\0", "A header is name:value, not \"nothing\""),
				Arguments.of("SEND\n:x\n\n\0", "A header is name:value, not \":x\""),
				Arguments.of("SEND\na:\\t\n\n\0", escape + "\"\\t\""),
				Arguments.of("SEND\na:\\\n\n\0", escape + "\"\\\""), Arguments.of("SEND\na:b\0", noEnd),
				Arguments.of("SEND\na:b", noEnd),
				Arguments.of("SEND\ncontent-length:x\n\n\0", "content-length must be a number of bytes, not \"x\""),
				Arguments.of("SEND\ncontent-length:9\n\n\0",
						"The frame does not end with NUL where it should; content-length counts bytes"),
				Arguments.of("SEND\n\ntext", "The frame does not end with NUL where it should"),
				Arguments.of("SEND\n\n\0more", "Something other than ends of lines follows the frame"),
				Arguments.of("SUBSCRIBE\nid:1\n\nbody\0", "Only a SEND frame has a body"));
	}

	@Test
	void refusesALoneCarriageReturnAndWhatIsNotUtf8() {
		assertThatExceptionOfType(MalformedFrameException.class).isThrownBy(() -> decode("SEND\na:b\rc\n\n\0"))
			.withMessage("A carriage return stands only before a line feed; escape it as \\r");
		byte[] bytes = "SEND\na:?\n\n\0".getBytes(StandardCharsets.US_ASCII);
		bytes[7] = (byte) 0xff;
		assertThatExceptionOfType(MalformedFrameException.class)
			.isThrownBy(() -> StompFrame.decode(ByteBuffer.wrap(bytes)))
			.withMessage("The command and the headers must be UTF-8");
	}

	private static StompFrame decode(String text) {
		return StompFrame.decode(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

}

package dev.realtime.test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Frames as they are on the wire. */
class FramesTests {

	@Test
	void severalFramesAndHeartbeatsInOneMessageAreRead() {
		List<ServerFrame> frames = decode("\nRECEIPT\nreceipt-id:r-1\n\n\0\n\nMESSAGE\r\na:1\r\na:2\r\n\r\nhi\0");
		assertThat(frames).extracting(ServerFrame::command).containsExactly("RECEIPT", "MESSAGE");
		assertThat(frames.get(1).headers()).containsExactly(Map.entry("a", "1"));
		assertThat(frames.get(1).text()).isEqualTo("hi");
	}

	@Test
	void aBodyOfKnownLengthMayHaveNul() {
		assertThat(decode("MESSAGE\ncontent-length:3\n\na\0b\0").get(0).text()).isEqualTo("a\0b");
	}

	@Test
	void headersAreEscapedExceptInConnect() {
		Map<String, String> headers = Map.of("a:b", "1\n\\n:\r");
		assertThat(new String(ClientFrame.encode("SEND", headers, new byte[0]), StandardCharsets.UTF_8))
			.isEqualTo("SEND\na\\cb:1\\n\\\\n\\c\\r\n\n\0");
		assertThat(decode("MESSAGE\na\\cb:1\\n\\\\n\\c\\r\n\n\0").get(0).headers()).isEqualTo(headers);
		assertThat(decode("CONNECTED\nuser-name:a\\cb\n\n\0").get(0).header("user-name")).isEqualTo("a\\cb");
	}

	private static List<ServerFrame> decode(String text) {
		return ServerFrame.decode(text.getBytes(StandardCharsets.UTF_8));
	}

}

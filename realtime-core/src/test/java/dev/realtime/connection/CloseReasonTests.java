package dev.realtime.connection;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whatever the reason, it fits a close frame. */
class CloseReasonTests {

	@ParameterizedTest
	@ValueSource(strings = { "x", "ü", "✓", "😀", "a😀", "ab😀", "\ud83d" })
	void aTextIsCutToWhatACloseFrameCanCarry(String each) {
		String text = CloseReason.policy(each.repeat(200)).text();
		assertThat(text.getBytes(StandardCharsets.UTF_8).length).isBetween(119, 123);
		assertThat(each.repeat(200)).startsWith(text);
		assertThat(Character.isHighSurrogate(text.charAt(text.length() - 1)) && each.length() > 1).isFalse();
	}

	@Test
	void aTextThatFitsStaysAsItIs() {
		for (String text : new String[] { "", "restart", "x".repeat(123), "✓".repeat(41) }) {
			assertThat(CloseReason.policy(text).text()).isEqualTo(text);
		}
	}

}

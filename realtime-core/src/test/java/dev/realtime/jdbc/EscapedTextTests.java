package dev.realtime.jdbc;

import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EscapedTextTests {

	@ParameterizedTest
	@ValueSource(strings = { "", "plain", "\0", "\\", "\\u0000", "a\"b", "\n\t", "😀", "\ud83d", "\ude00", "ä☃" })
	void textsComeBackUnchanged(String text) {
		String column = EscapedText.write(text);

		assertThat(EscapedText.read(column)).isEqualTo(text);
		assertThat(column).doesNotContain("\0", "\n");
	}

	@Test
	void noTextIsNone() {
		assertThat(EscapedText.write(null)).isNull();
		assertThat(EscapedText.read(null)).isNull();
	}

	@Test
	void headersAreAJsonObjectInTheirOrder() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("z", "\"quoted\"");
		headers.put("a", "\0");

		assertThat(EscapedText.writeHeaders(headers)).isEqualTo("{\"z\":\"\\\"quoted\\\"\",\"a\":\"\\u0000\"}");
		assertThat(EscapedText.readHeaders(EscapedText.writeHeaders(headers))).containsExactlyEntriesOf(headers);
		assertThat(EscapedText.readHeaders(EscapedText.writeHeaders(Map.of()))).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "{\"a\"", "{\"a\":\"b\"", "[]", "{\"a\":\"b\\u00\"}" })
	void brokenHeadersAreRefused(String column) {
		assertThatIllegalArgumentException().isThrownBy(() -> EscapedText.readHeaders(column));
	}

}

package dev.realtime.spring.json;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.json.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class MessageDocumentTests {

	@Test
	void carriesAllThatIsKnown() {
		Content content = Content.of("{\"a\": 1}".getBytes(StandardCharsets.UTF_8), "application/json", "post",
				Map.of("x", "a\"b"));
		assertThat(write(content, "id-1")).isEqualTo("""
				{"seq":7,"id":"id-1","timestamp":1000,"type":"post","headers":{"x":"a\\"b"},\
				"contentType":"application/json","payload":{"a": 1}}""");
	}

	@Test
	void leavesOutWhatThereIsNot() {
		assertThat(write(Content.text("hi"), null)).isEqualTo("""
				{"seq":7,"timestamp":1000,"headers":{},"contentType":"text/plain;charset=UTF-8","payload":"hi"}""");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = { "application/json | [1] | `payload\":[1]`",
			"application/vnd.a+json;charset=utf-8 | {} | `payload\":{}`", "Application/JSON | null | `payload\":null`",
			"application/json | {}],\"latest\":9 | `payloadBase64\":\"e31dLCJsYXRlc3QiOjk=\"`",
			"text/html | <b>é</b> | `payload\":\"\\u003cb>é\\u003c/b>\"`",
			"application/octet-stream | hi | `payloadBase64\":\"aGk=\"`", "nonsense | hi | `payloadBase64\":\"aGk=\"`",
			"text/plain;charset=none | hi | `payloadBase64\":\"aGk=\"`", "\"/x | hi | `payloadBase64\":\"aGk=\"`" })
	void putsAPayloadWhereItCannotBreakTheDocument(String contentType, String payload, String expected) {
		String json = write(Content.of(payload.getBytes(StandardCharsets.UTF_8), contentType, null, Map.of()), null);
		assertThat(json).endsWith(",\"" + expected + '}');
		assertThat(JsonSyntax.isValid(json)).isTrue();
	}

	@Test
	void sendsTextThatIsNotItsCharsetAsBase64() {
		Content broken = Content.of(new byte[] { (byte) 0xc3, 0x28 }, "application/json", null, Map.of());
		assertThat(write(broken, null)).endsWith("\"payloadBase64\":\"wyg=\"}");
		Content latin = Content.of("é".getBytes(StandardCharsets.ISO_8859_1), "text/plain;charset=ISO-8859-1", null,
				Map.of());
		assertThat(write(latin, null)).endsWith("\"payload\":\"é\"}");
	}

	@Test
	void escapesEveryCharacterThatNeedsIt() {
		StringBuilder all = new StringBuilder();
		for (char c = 0; c < 0x2100; c++) {
			all.append(c);
		}
		all.append("😀").append('\ud83d');
		String json = new Json(16).value(all.toString()).toString();
		assertThat(JsonSyntax.isValid(json)).isTrue();
		assertThat(json).doesNotContain("<", "\u2028", "\u007f").contains("\\u0000", "\\\"", "\\\\", "\\ud83d");
		assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(json)).isTrue();
	}

	private static String write(Content content, @Nullable String id) {
		Json json = new Json(64);
		MessageDocument.write(json,
				new TopicMessage(Topic.of("room"), new Position("E", 7), 1000, id, content, null, 0));
		return json.toString();
	}

}

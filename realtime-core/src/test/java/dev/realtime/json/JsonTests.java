package dev.realtime.json;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class JsonTests {

	@Test
	void writesCommasWhereTheyBelong() {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("b", "1");
		headers.put("a", "2");
		Json json = new Json(16).open('{').name("empty").open('[').close(']').name("list").open('[');
		json.value("x").value(-1).value(true).open('{').close('}').raw("[null]").close(']');
		json.optional("missing", null).optional("there", "y").object("headers", headers).close('}');
		assertThat(json).hasToString("{\"empty\":[],\"list\":[\"x\",-1,true,{},[null]],\"there\":\"y\","
				+ "\"headers\":{\"b\":\"1\",\"a\":\"2\"}}");
		assertThat(json.length()).isEqualTo(json.toString().length());
	}

	@ParameterizedTest
	@CsvSource({ "22, \\\"", "5c, \\\\", "0, \\u0000", "1f, \\u001f", "a, \\u000a", "3c, \\u003c", "7f, \\u007f",
			"2028, \\u2028", "2029, \\u2029", "d83d, \\ud83d", "de00, \\ude00", "1f600, \\ud83d\\ude00" })
	void escapesWhatMayNotStandInAString(String codePoint, String escaped) {
		String text = "a" + Character.toString(Integer.parseInt(codePoint, 16)) + "b";
		Json json = new Json(16).open('{').name(text).value(text).close('}');
		assertThat(json).hasToString("{\"a" + escaped + "b\":\"a" + escaped + "b\"}");
	}

	@ParameterizedTest
	@CsvSource({ "20", "2f", "3e", "80", "e9", "2027", "202a", "d7ff", "e000", "ffff" })
	void writesAllElseAsItIs(String codePoint) {
		String text = Character.toString(Integer.parseInt(codePoint, 16));
		assertThat(new Json(4).value(text).bytes()).isEqualTo(('"' + text + '"').getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void writesTheLargestNumbers() {
		assertThat(new Json(64).open('[').value(Long.MIN_VALUE).value(Long.MAX_VALUE).close(']'))
			.hasToString("[-9223372036854775808,9223372036854775807]");
	}

}

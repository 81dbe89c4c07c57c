package dev.realtime.spring.json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class JsonSyntaxTests {

	@ParameterizedTest
	@ValueSource(strings = { "{}", "[]", "null", "true", "false", "0", "-0", "-12.5e+3", "1E9", "1e-9", "\"\"",
			" [ 1 , { \"a\" : [ ] , \"b\" : { } } , \"x\" ] \r\n\t", "\"\\u00e9\\n\\\"\\\\\\/\"", "{\"\":\"\"}",
			"{\"a\":1,\"a\":2}", "\"é 😀\"", "[[[[]]]]" })
	void acceptsWhatIsJson(String text) {
		assertThat(JsonSyntax.isValid(text)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "}", "[", "]", "[1,]", "[,1]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}",
			"{a:1}", "{'a':1}", "{\"a\":1]", "[1}", "1 2", "[] []", "{}}", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
			"\"\\u１234\"", "\"a\nb\"", "01", "-", "+1", ".5", "1.", "1e", "1e+", "NaN", "Infinity", "tru", "True",
			"nulll", "\"\\", "[1 2]", "{\"a\" 1}", "{1:2}", "\u00a01", "\ufeff1", "[\u0000]", "1\u0000",
			"{}],\"latest\":99,\"x\":[{" })
	void refusesWhatIsNot(String text) {
		assertThat(JsonSyntax.isValid(text)).isFalse();
	}

	@Test
	void hasABoundOnDepthAndDoesNotRecurse() {
		assertThat(JsonSyntax.isValid("[".repeat(500) + "]".repeat(500))).isTrue();
		assertThat(JsonSyntax.isValid("[".repeat(501) + "]".repeat(501))).isFalse();
		assertThat(JsonSyntax.isValid("[".repeat(1_000_000))).isFalse();
	}

}

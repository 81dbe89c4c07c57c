package dev.realtime.spring.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.realtime.json.Json;
import dev.realtime.testing.fuzz.FuzzContract;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** Text is JSON where Jackson says so, too, and means what it means to Jackson. */
class JsonFuzzTests extends FuzzContract {

	private static final int MOST = 100_000;

	private static final int MAX_DEPTH = 500;

	private static final JsonMapper JACKSON = JsonMapper
		.builder(JsonFactory.builder()
			.streamReadConstraints(StreamReadConstraints.builder()
				.maxNestingDepth(MAX_DEPTH)
				.maxNumberLength(MOST)
				.maxNameLength(MOST)
				.build())
			.build())
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	@Override
	protected List<byte[]> corpus() {
		return bytes("{\"topic\":\"room.42\",\"epoch\":\"7QX2M0A9BC\",\"seq\":12}",
				" {\"topic\" : \"a\\u0062\\n\\\"\\\\\\/\" , \"n\":12,\"none\":null,\"users\":[ \"ada\" , \"\\u00e9\",\"\"]} ",
				"[-12.5e+3,1E9,true,false,null,{},[],{\"\":[[[]]]}]", "{\"a\":1,\"a\":2,\"\\u0061\":3}", "\"\\ud83d\"",
				"\"😀\\uD83D\\uDE00\u2028\"", "0", "{\"m0\":0,\"m1\":1,\"m2\":2,\"m3\":3,\"m4\":4,\"m5\":5}");
	}

	@Override
	protected List<String> words() {
		return List.of("\"", "\\\"", "\\u0000", "\\ud800", "\\uDC00", "{\"a\":", "}", "[", "]", ",", ":", "null",
				"true", "1e5", "-0", "-", ".5", "{\"a\":[".repeat(100), "]}".repeat(100), "\"seq\":", "\"topic\":\"x\"",
				"/**/", "\uFEFF", "NaN");
	}

	@Override
	protected Object check(byte[] input) {
		String text = text(input);
		boolean valid = JsonSyntax.isValid(text);
		@Nullable JsonNode known = jackson(text);
		assertThat(valid).isEqualTo(known != null);
		String written = new Json(16).value(text).toString();
		@Nullable JsonNode writtenNode = jackson(written);
		assertThat((writtenNode != null) ? writtenNode.textValue() : null).isEqualTo(text);
		return valid + object(text, known);
	}

	private static String object(String text, @Nullable JsonNode known) {
		JsonObject object;
		try {
			object = JsonObject.parse(text);
		}
		catch (IllegalArgumentException ex) {
			assertThat(known == null || !known.isObject() || members(text) > 32).isTrue();
			return "";
		}
		if (known == null || !known.isObject()) {
			throw new AssertionError("Jackson finds no object");
		}
		List<String> kinds = new ArrayList<>();
		known.fieldNames().forEachRemaining((name) -> kinds.add(member(object, name, known.get(name))));
		return String.join(",", kinds);
	}

	/** Names count as often as they come. */
	private static int members(String text) {
		int members = 0;
		try (JsonParser parser = JACKSON.createParser(text)) {
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				boolean named = token == JsonToken.FIELD_NAME;
				members += (named && parser.getParsingContext().getParent().inRoot()) ? 1 : 0;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return members;
	}

	private static String member(JsonObject object, String name, JsonNode known) {
		assertThat(string(object, name)).isEqualTo(known.isTextual() ? known.textValue() : null);
		@Nullable Long number = number(object, name);
		if (number != null) {
			assertThat(number).isEqualTo(known.longValue()).isNotNegative();
		}
		@Nullable List<String> strings = strings(object, name);
		if (strings != null) {
			List<String> texts = new ArrayList<>();
			known.forEach((each) -> texts.add(each.textValue()));
			assertThat(strings).isEqualTo(texts);
		}
		return known.getNodeType() + "" + (number != null) + (strings != null);
	}

	private static @Nullable String string(JsonObject object, String name) {
		try {
			return object.string(name);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static @Nullable Long number(JsonObject object, String name) {
		try {
			return object.wholeNumber(name);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private static @Nullable List<String> strings(JsonObject object, String name) {
		try {
			return object.strings(name, 5);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/** Returns what Jackson reads; null when that is not JSON, or nothing. */
	private static @Nullable JsonNode jackson(String text) {
		try (JsonParser parser = JACKSON.createParser(text)) {
			JsonNode node = JACKSON.readTree(parser);
			return (node == null || parser.nextToken() != null) ? null : node;
		}
		catch (JsonProcessingException ex) {
			return null;
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

}

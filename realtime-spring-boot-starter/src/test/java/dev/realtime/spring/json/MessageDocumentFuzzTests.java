package dev.realtime.spring.json;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.realtime.json.Json;
import dev.realtime.testing.fuzz.FuzzContract;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a publisher says is its media type, and whatever its bytes are, they become
 * members of one JSON document on one line.
 */
class MessageDocumentFuzzTests extends FuzzContract {

	private static final JsonMapper JACKSON = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	@Override
	protected List<byte[]> corpus() {
		return bytes("application/json\0{\"a\" : [1, 2]}", "application/json;charset=UTF-16\0\0{\0}",
				"text/plain\0hi\nthere", "text/plain;charset=ISO-8859-1\0é", "application/octet-stream\0xyz",
				"nonsense\0x", "application/vnd.a+json\0null", "text/html; charset=\"utf-8\"\0<b>\u2028</b>",
				"application/json\0{}],\"latest\":9");
	}

	@Override
	protected List<String> words() {
		return List.of("application/json", "+json", "text/", ";charset=", ";charset=UTF-16LE", ";charset=UTF-32",
				";charset=ISO-2022-KR", ";charset=x-JISAutoDetect", "charset=\"", ";q=2", "\0", "*/*", "\n", "\r",
				"\u2028", "\\u000a", "}", "\"");
	}

	@Override
	protected Object check(byte[] input) throws IOException {
		int end = 0;
		while (end < input.length && input[end] != 0) {
			end++;
		}
		String contentType = text(Arrays.copyOf(input, end));
		byte[] payload = Arrays.copyOfRange(input, Math.min(end + 1, input.length), input.length);
		Json json = new Json(16).open('{');
		MessageDocument.payload(json, contentType, ByteBuffer.wrap(payload).asReadOnlyBuffer());
		String document = json.close('}').toString();
		assertThat(document.chars().noneMatch((c) -> c == '\n' || c == '\r')).isTrue();
		JsonNode read = JACKSON.readTree(document);
		assertThat(read.size()).isEqualTo(2);
		assertThat(read.get("contentType").textValue()).isEqualTo(contentType);
		JsonNode base64 = read.get("payloadBase64");
		if (base64 != null) {
			assertThat(base64.binaryValue()).isEqualTo(payload);
			return "base64";
		}
		return read.get("payload").getNodeType() + contentType.replaceAll("[^/;+=]|/.*=", "");
	}

}

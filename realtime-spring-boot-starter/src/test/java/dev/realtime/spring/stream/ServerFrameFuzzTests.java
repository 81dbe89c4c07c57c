package dev.realtime.spring.stream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.stomp.StompFrames;
import dev.realtime.testing.fuzz.FuzzContract;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a publisher puts into a message arrives in one event of a stream, and begins no
 * other field or event.
 */
class ServerFrameFuzzTests extends FuzzContract {

	private static final JsonMapper JACKSON = JsonMapper.builder()
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	@Override
	protected List<byte[]> corpus() {
		return bytes("application/json\nid\npost\nx=1\ny=a\\nb\0{\"a\":1}",
				"text/plain\n\n\nx\\y=\\:\0hello\r\n\r\ndata: x",
				"application/octet-stream\nid\nt\nepoch=1\nseq=2\nsubscription=x\ncontent-length=1\0\1\2\3",
				"application/json\ni\nt\n\0[1,\r\n2]");
	}

	@Override
	protected List<String> words() {
		return List.of("\n\n", "\r", "\\n", "\\r", "\0", "=", ":", "\\", "content-length=5", "message-id=E-1", "seq=1",
				"\ndata: x", "event: denied", "\u2028", "\u0085");
	}

	@Override
	protected Object check(byte[] input) throws IOException {
		ServerFrame.parse(input).message();
		String[] parts = text(input).split("\0", 2);
		String[] lines = parts[0].split("\n", -1);
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 3; i < lines.length; i++) {
			int equals = lines[i].indexOf('=');
			if (equals > 0) {
				// Line ends that a JSON document may bring.
				headers.putIfAbsent(plain(lines[i].substring(0, equals)), plain(lines[i].substring(equals + 1)));
			}
		}
		byte[] payload = ((parts.length > 1) ? parts[1] : "").getBytes(StandardCharsets.UTF_8);
		String type = (lines.length > 2) ? plain(lines[2]) : null;
		Content content = Content.of(payload, plain(lines.length > 0 ? lines[0] : ""), type, headers);
		TopicMessage message = new TopicMessage(Topic.of("room"), new Position("E", 7), 1_000,
				(lines.length > 1) ? plain(lines[1]) : null, content, null, 0);
		ServerFrame frame = ServerFrame.parse(StompFrames.message(message, "/topic/room", "sub\n1"));
		assertThat(frame.header("subscription")).isEqualTo("sub\n1");
		assertThat(frame.position()).isEqualTo(message.position());
		assertThat(frame.body().compareTo(content.payload())).isZero();
		JsonNode event = event(frame);
		assertThat(event.get("seq").longValue()).isEqualTo(7);
		assertThat(event.get("contentType").textValue()).isEqualTo(content.contentType());
		JsonNode found = event.get("headers");
		headers.keySet().removeIf(StompFrames::isReservedHeader);
		headers.forEach((name, value) -> assertThat(found.path(name).textValue()).isEqualTo(value));
		assertThat(found.size()).isEqualTo(headers.size());
		return List.of(headers.size(), event.has("payloadBase64"), type != null);
	}

	/** Reads the event as browsers do: by lines. */
	private static JsonNode event(ServerFrame frame) throws IOException {
		Subscription subscription = Subscription.topic("room", null);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		EventWriter.event(out, StreamEvent.of(StreamEvent.MESSAGE, subscription, frame.message(), true), "E-7");
		String[] lines = out.toString(StandardCharsets.UTF_8).split("\r\n|\r|\n", -1);
		assertThat(lines).hasSize(4);
		assertThat(lines[0]).isEqualTo("id: E-7");
		assertThat(lines[1]).startsWith("data: {");
		return JACKSON.readTree(lines[1].substring(6));
	}

	private static String plain(String text) {
		return text.replace("\\n", "\n").replace("\\r", "\r");
	}

}

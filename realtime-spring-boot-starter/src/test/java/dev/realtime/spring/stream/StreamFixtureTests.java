package dev.realtime.spring.stream;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.stomp.StompFrames;
import dev.realtime.stomp.WireFixtures;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the node's frames become on a stream is what {@code docs/wire-fixtures} says, byte
 * for byte.
 */
class StreamFixtureTests {

	static List<WireFixtures.Case> stream() {
		return WireFixtures.read("stream.json");
	}

	@ParameterizedTest
	@MethodSource("stream")
	void anEventIsWrittenAsTheFixtureSays(WireFixtures.Case fixture) {
		StreamEvent event = event(fixture);
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		EventWriter.event(out, event, (String) fixture.in("position"));
		assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(fixture.text());
		assertThat(event.positioned()).isEqualTo(fixture.in("position") != null);
		Object poll = fixture.fields().get("poll");
		if (poll != null) {
			String members = new String(event.fields(), StandardCharsets.UTF_8)
					+ new String(event.document(), StandardCharsets.UTF_8);
			assertThat("{\"event\":\"" + event.name() + "\"," + members).isEqualTo(poll);
		}
	}

	private static StreamEvent event(WireFixtures.Case fixture) {
		Map<String, @Nullable Object> data = fixture.map("data");
		if (fixture.string("event").equals("closed")) {
			int code = ((Long) value(data, "code")).intValue();
			return StreamEvent.of("closed", null, Documents.closed(code, (String) value(data, "reason")), false);
		}
		StreamEvents events = new StreamEvents(List.of(subscription(data)));
		return Objects.requireNonNull(events.of(ServerFrame.parse(frame(fixture, data))), "no event");
	}

	private static Subscription subscription(Map<String, @Nullable Object> data) {
		String destination = (String) data.get("destination");
		if (destination == null) {
			return Subscription.topic(String.valueOf(data.get("topic")), null);
		}
		Subscription subscription = Subscription.destination(destination, null);
		subscription.live((String) data.get("topic"), null, false, false);
		return subscription;
	}

	/** What the node writes to a WebSocket. */
	private static byte[] frame(WireFixtures.Case fixture, Map<String, @Nullable Object> data) {
		return switch (fixture.string("event")) {
			case "subscribed" -> StompFrames.receipt("0", data);
			case "message" -> message(data, fixture.text());
			case "gap" -> control("gap", data);
			case "signal" -> StompFrames.signal(new Signal(Topic.of((String) value(data, "topic")),
					(String) value(data, "type"), (String) data.get("user"), payload(fixture.text()), null), "0");
			case "denied" ->
				StompFrames.denied((String) value(data, "reason"), (String) value(data, "message"), null, "0", "");
			case "reconnect" -> StompFrames.control("reconnect", Map.of("after-ms", value(data, "afterMs")));
			case "expiring" -> StompFrames.control("expiring", Map.of("in-ms", value(data, "inMs")));
			default -> throw new AssertionError("An event without a frame: " + fixture);
		};
	}

	private static byte[] control(String event, Map<String, @Nullable Object> data) {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>(data);
		headers.put("subscription-id", "0");
		return StompFrames.control(event, headers);
	}

	@SuppressWarnings("unchecked")
	private static byte[] message(Map<String, @Nullable Object> data, String text) {
		Object encoded = data.get("payloadBase64");
		byte[] payload = (encoded != null) ? Base64.getDecoder().decode((String) encoded)
				: ((data.get("payload") instanceof String plain) ? plain : payload(text))
					.getBytes(StandardCharsets.UTF_8);
		Content content = Content.of(payload, (String) value(data, "contentType"), (String) data.get("type"),
				(Map<String, String>) value(data, "headers"));
		Position position = new Position((String) value(data, "epoch"), (Long) value(data, "seq"));
		TopicMessage message = new TopicMessage(Topic.of((String) value(data, "topic")), position,
				(Long) value(data, "timestamp"), (String) data.get("id"), content, null, 0);
		return StompFrames.message(message, "/topic/x", "0");
	}

	/** The payload as it stands in the document, of which it is the last member. */
	private static String payload(String text) {
		String name = "\"payload\":";
		return text.substring(text.indexOf(name) + name.length(), text.lastIndexOf('}'));
	}

	private static Object value(Map<String, @Nullable Object> data, String name) {
		return Objects.requireNonNull(data.get(name), name);
	}

}

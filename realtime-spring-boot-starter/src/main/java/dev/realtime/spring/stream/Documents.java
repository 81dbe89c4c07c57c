package dev.realtime.spring.stream;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.Position;
import dev.realtime.json.Json;
import dev.realtime.spring.json.MessageDocument;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

/**
 * The documents of events, without the opening bracket: what stands before their members
 * differs between streams.
 */
final class Documents {

	private static final byte[] NOTHING = {};

	private static final String BINARY = "application/octet-stream";

	private Documents() {
	}

	/** The members that name a subscription, each with the comma behind it. */
	static byte[] subscription(@Nullable String topic, @Nullable String destination) {
		if (topic == null && destination == null) {
			return NOTHING;
		}
		String object = new Json(64).open('{').optional("topic", topic).optional("destination", destination).toString();
		return (object.substring(1) + ',').getBytes(StandardCharsets.UTF_8);
	}

	/** A MESSAGE, as it is for all who get it. */
	static byte[] message(ServerFrame frame) {
		Json json = new Json(160 + frame.body().remaining()).open('{');
		Position position = frame.position();
		if (position != null) {
			json.optional("epoch", position.epoch()).name("seq").value(position.seq());
		}
		json.optional("id", frame.header("id"));
		number(json, "timestamp", frame.header("timestamp"));
		json.optional("type", frame.header("type"));
		Map<String, String> own = new LinkedHashMap<>();
		frame.headers().forEach((name, value) -> {
			if (!StompFrames.isReservedHeader(name)) {
				own.put(name, value);
			}
		});
		json.object("headers", own);
		String contentType = frame.header("content-type");
		MessageDocument.payload(json, (contentType != null) ? contentType : BINARY, frame.body());
		return rest(json);
	}

	/** The RECEIPT of a SUBSCRIBE. */
	static byte[] subscribed(ServerFrame frame) {
		Json json = new Json(160).open('{');
		json.optional("epoch", frame.header("epoch"));
		number(json, "seq", frame.header("seq"));
		String recovered = frame.header("recovered");
		if (recovered != null) {
			json.name("recovered").value(Boolean.parseBoolean(recovered));
		}
		String replayed = frame.header("replayed");
		json.name("replayed").raw(isNumber(replayed) ? String.valueOf(replayed) : "0");
		json.optional("reason", frame.header("reason"));
		return rest(json);
	}

	static byte[] gap(ServerFrame frame) {
		Json json = new Json(160).open('{').optional("epoch", frame.header("epoch"));
		number(json, "from", frame.header("from"));
		number(json, "to", frame.header("to"));
		return rest(json.optional("reason", frame.header("reason")));
	}

	static byte[] signal(ServerFrame frame) {
		Json json = new Json(160).open('{').optional("topic", frame.header("topic"));
		json.optional("type", frame.header("type")).optional("user", frame.header("user"));
		if (frame.body().hasRemaining()) {
			Json payload = new Json(64).open('{');
			MessageDocument.payload(payload, "application/json", frame.body());
			String members = payload.toString();
			json.raw(members.substring(members.indexOf(',') + 1));
		}
		return rest(json);
	}

	static byte[] denied(ServerFrame frame) {
		Json json = new Json(160).open('{').optional("reason", frame.header("reason"));
		json.optional("message", frame.header("message"));
		number(json, "retryAfterMs", frame.header(StompFrames.RETRY_AFTER));
		return rest(json);
	}

	/** An event that says one number. */
	static byte[] number(String name, long value) {
		return rest(new Json(32).open('{').name(name).value(value));
	}

	/** Why a stream ends. */
	static byte[] closed(int code, String reason) {
		return rest(new Json(64).open('{').name("code").value(code).optional("reason", reason));
	}

	private static byte[] rest(Json json) {
		return json.close('}').toString().substring(1).getBytes(StandardCharsets.UTF_8);
	}

	private static void number(Json json, String name, @Nullable String text) {
		if (isNumber(text)) {
			json.name(name).raw(String.valueOf(text));
		}
	}

	/** A number as we write it: nothing that could break out of a document. */
	private static boolean isNumber(@Nullable String text) {
		return text != null && text.matches("0|[1-9]\\d{0,18}");
	}

}

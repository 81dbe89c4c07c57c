package dev.realtime.spring.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;

import dev.realtime.Content;
import dev.realtime.TopicMessage;
import dev.realtime.json.Json;
import org.jspecify.annotations.Nullable;

import org.springframework.util.MimeType;

/**
 * Writes a message as JSON. A payload that says it is JSON, and is, becomes a part of the
 * document; text becomes a string; everything else, and what only says that it is JSON,
 * goes as {@code payloadBase64}.
 */
public final class MessageDocument {

	private MessageDocument() {
	}

	/** Writes a message of a topic's. */
	public static void write(Json json, TopicMessage message) {
		Content content = message.content();
		json.open('{').name("seq").value(message.seq());
		json.optional("id", message.id());
		json.name("timestamp").value(message.timestamp());
		json.optional("type", content.type());
		json.object("headers", content.headers());
		payload(json, content.contentType(), content.payload());
		json.close('}');
	}

	/** Writes the media type and, in the form that goes with it, the payload. */
	public static void payload(Json json, String contentType, ByteBuffer payload) {
		json.optional("contentType", contentType);
		MimeType type = MediaTypes.parse(contentType);
		String text = (type != null) ? text(type, payload.duplicate()) : null;
		if (type != null && text != null && isJson(type) && JsonSyntax.isValid(text)) {
			json.name("payload").raw(oneLine(text));
		}
		else if (type != null && text != null && !isJson(type)) {
			json.name("payload").value(text);
		}
		else {
			ByteBuffer base64 = Base64.getEncoder().encode(payload.duplicate());
			json.optional("payloadBase64", StandardCharsets.US_ASCII.decode(base64).toString());
		}
	}

	/**
	 * In valid JSON line breaks stand only where a space may: strings have them escaped.
	 */
	private static String oneLine(String json) {
		return json.replace('\n', ' ').replace('\r', ' ');
	}

	/** The payload as text, or null when it is none. */
	private static @Nullable String text(MimeType type, ByteBuffer payload) {
		if (!isJson(type) && !type.getType().equals("text")) {
			return null;
		}
		Charset charset = (type.getCharset() != null) ? type.getCharset() : StandardCharsets.UTF_8;
		try {
			return charset.newDecoder().decode(payload).toString();
		}
		catch (CharacterCodingException ex) {
			return null;
		}
	}

	private static boolean isJson(MimeType type) {
		String subtype = type.getSubtype().toLowerCase(Locale.ROOT);
		return type.getType().equals("application") && (subtype.equals("json") || subtype.endsWith("+json"));
	}

}

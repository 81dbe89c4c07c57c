package dev.realtime.spring.publisher;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.util.MimeType;
import org.springframework.util.MimeTypeUtils;

/**
 * Makes JSON of what applications hand over, by the same converter as Spring's STOMP
 * support. A string becomes a JSON string.
 */
public final class JsonConverter {

	private static final MessageHeaders JSON = new MessageHeaders(
			Map.of(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.APPLICATION_JSON));

	private final Supplier<MessageConverter> converter;

	/** Takes the converter when it is first needed. */
	JsonConverter(Supplier<MessageConverter> converter) {
		this.converter = converter;
	}

	/**
	 * Converts.
	 * @throws MessageConversionException when no converter makes JSON of it
	 */
	public String json(@Nullable Object value) {
		if (value == null) {
			return "null";
		}
		Message<?> converted = this.converter.get().toMessage(value, JSON);
		if (converted == null || !isJson(converted.getHeaders().get(MessageHeaders.CONTENT_TYPE))) {
			throw new MessageConversionException("No MessageConverter writes JSON for " + value.getClass().getName());
		}
		Object payload = converted.getPayload();
		if (payload instanceof byte[] bytes) {
			return new String(bytes, StandardCharsets.UTF_8);
		}
		if (payload instanceof String text) {
			return text;
		}
		throw new MessageConversionException("The MessageConverter returned " + payload.getClass().getName() + " for "
				+ value.getClass().getName() + ", not bytes or text");
	}

	private static boolean isJson(@Nullable Object contentType) {
		if (contentType == null) {
			return false;
		}
		MimeType type = MimeTypeUtils.parseMimeType(contentType.toString());
		return type.getSubtype().equals("json") || type.getSubtype().endsWith("+json");
	}

}

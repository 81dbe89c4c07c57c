package dev.realtime.spring.publisher;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;

import dev.realtime.Content;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;

/**
 * Makes bytes of payloads, by the same converter as Spring's STOMP support. Strings and
 * byte arrays are taken as they are; a {@link Content} may carry headers of its own. Not
 * meant for applications.
 */
public final class PayloadConverter {

	private final Supplier<MessageConverter> converter;

	/**
	 * Takes the converter when it is first needed: it may depend on beans that publish.
	 */
	PayloadConverter(Supplier<MessageConverter> converter) {
		this.converter = converter;
	}

	/**
	 * Converts.
	 * @param type the message's type; null leaves that of a {@link Content}
	 * @throws MessageConversionException when no converter takes the payload
	 */
	Content convert(Object payload, @Nullable String type) {
		Content content = convert(payload);
		return (type == null) ? content : content.withType(type);
	}

	/**
	 * Converts.
	 * @throws MessageConversionException when no converter takes the payload
	 */
	public Content convert(Object payload) {
		if (payload instanceof Content || payload instanceof CharSequence || payload instanceof byte[]) {
			return Content.of(payload);
		}
		Message<?> converted = this.converter.get().toMessage(payload, null);
		if (converted == null) {
			throw new MessageConversionException(
					"No MessageConverter accepts a payload of type " + payload.getClass().getName());
		}
		Object contentType = converted.getHeaders().get(MessageHeaders.CONTENT_TYPE);
		return Content.of(bytes(converted), (contentType != null) ? contentType.toString() : Content.BINARY, null,
				Map.of());
	}

	private static byte[] bytes(Message<?> message) {
		if (message.getPayload() instanceof byte[] bytes) {
			return bytes;
		}
		if (message.getPayload() instanceof String text) {
			return text.getBytes(StandardCharsets.UTF_8);
		}
		throw new MessageConversionException(message,
				"The MessageConverter returned " + message.getPayload().getClass().getName() + ", not bytes or text");
	}

}

package dev.realtime.sample.chat.push;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConversionException;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.stereotype.Component;
import org.springframework.util.MimeTypeUtils;

/**
 * Reads and writes JSON as messages are, with whichever Jackson the application has. An
 * application of one generation of Boot uses its {@code ObjectMapper} instead.
 */
@Component
class Json {

	private static final MessageHeaders HEADERS = new MessageHeaders(
			Map.of(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.APPLICATION_JSON));

	private final MessageConverter converter;

	Json(@Qualifier("brokerMessageConverter") MessageConverter converter) {
		this.converter = converter;
	}

	<T> T read(ByteBuffer json, Class<T> type) {
		byte[] bytes = new byte[json.remaining()];
		json.get(bytes);
		Object value = this.converter.fromMessage(MessageBuilder.createMessage(bytes, HEADERS), type);
		if (value == null) {
			throw new MessageConversionException("There is no " + type.getSimpleName());
		}
		return type.cast(value);
	}

	byte[] write(Object value) {
		return (byte[]) Objects.requireNonNull(this.converter.toMessage(value, HEADERS)).getPayload();
	}

}

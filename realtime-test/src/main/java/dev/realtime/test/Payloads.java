package dev.realtime.test;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.converter.MessageConverter;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeTypeUtils;

/**
 * Payloads from and to objects, by the message converter of the application's STOMP
 * support.
 *
 * @param application has the converter
 */
record Payloads(BeanFactory application) {

	static final String TEXT = "text/plain;charset=UTF-8";

	<T> T read(byte[] payload, @Nullable String contentType, Class<T> type) {
		if (type == String.class) {
			return type.cast(new String(payload, StandardCharsets.UTF_8));
		}
		Map<String, Object> headers = new HashMap<>();
		if (contentType != null) {
			headers.put(MessageHeaders.CONTENT_TYPE, MimeTypeUtils.parseMimeType(contentType));
		}
		Object made = converter().fromMessage(MessageBuilder.createMessage(payload, new MessageHeaders(headers)), type);
		if (!type.isInstance(made)) {
			throw new AssertionError("The application's message converter cannot create " + type.getName() + " from "
					+ contentType + " \"" + new String(payload, StandardCharsets.UTF_8) + '"');
		}
		return type.cast(made);
	}

	/** Returns the bytes of a payload, and puts its media type among the headers. */
	byte[] write(Object payload, Map<String, String> headers) {
		if (payload instanceof byte[] bytes) {
			return bytes;
		}
		Message<?> message = (payload instanceof String) ? null : converter().toMessage(payload, null);
		if (message == null || !(message.getPayload() instanceof byte[] converted)) {
			headers.put("content-type", TEXT);
			return payload.toString().getBytes(StandardCharsets.UTF_8);
		}
		headers.put("content-type", String.valueOf(message.getHeaders().get(MessageHeaders.CONTENT_TYPE)));
		return converted;
	}

	private MessageConverter converter() {
		return this.application.getBean("brokerMessageConverter", MessageConverter.class);
	}

}

package dev.realtime.spring.stomp;

import java.security.Principal;

import dev.realtime.connection.Connection;
import dev.realtime.spring.json.MediaTypes;
import dev.realtime.stomp.StompFrame;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;
import org.springframework.util.MimeType;

/**
 * What a SEND brings, whether that is a Spring message or not.
 *
 * @param frame its headers
 * @param payload bytes, unless the application has changed them
 * @param contentType as Spring writes it, or null
 */
record Sent(Sender sender, FrameHeaders frame, Object payload, @Nullable String contentType) {

	static Sent of(Message<?> message, Connection connection) {
		Object type = message.getHeaders().get(MessageHeaders.CONTENT_TYPE);
		return new Sent(Sender.of(message, connection), FrameHeaders.of(message), message.getPayload(),
				(type != null) ? type.toString() : null);
	}

	/** What a frame brings that is no message, and whose content type can be read. */
	static Sent of(StompFrame frame, FrameHeaders headers, Sender sender) {
		String type = frame.header("content-type");
		MimeType parsed = (type != null) ? MediaTypes.parse(type) : null;
		return new Sent(sender, headers, frame.body(), (parsed != null) ? parsed.toString() : null);
	}

	Connection connection() {
		return this.sender.connection();
	}

	@Nullable Principal user() {
		return this.sender.user();
	}

}

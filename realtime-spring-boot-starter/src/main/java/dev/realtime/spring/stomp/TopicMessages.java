package dev.realtime.spring.stomp;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.delivery.Frame;
import dev.realtime.spring.json.MediaTypes;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;
import org.springframework.util.MimeType;

/**
 * Topic messages as Spring's interceptors see them: with the headers that the simple
 * broker's messages have, and the frame's STOMP headers in their order.
 */
final class TopicMessages {

	private static final String CONTENT_TYPE = "content-type";

	private final Function<Topic, String> destinations;

	private final boolean traces;

	/**
	 * Makes them.
	 * @param traces whether they name the span that has published them
	 */
	TopicMessages(Function<Topic, String> destinations, boolean traces) {
		this.destinations = destinations;
		this.traces = traces;
	}

	/** The message for one subscription of one session; its headers may be changed. */
	Message<byte[]> of(TopicMessage message, String sessionId, String subscriptionId) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.MESSAGE);
		headers.setSessionId(sessionId);
		headers.setSubscriptionId(subscriptionId);
		headers.setMessageId(message.position().toString());
		headers.setDestination(this.destinations.apply(message.topic()));
		headers.setNativeHeader("epoch", message.position().epoch());
		headers.setNativeHeader("seq", Long.toString(message.seq()));
		headers.setNativeHeader("timestamp", Long.toString(message.timestamp()));
		setContentType(headers, message.content().contentType());
		setIfThere(headers, "id", message.id());
		setIfThere(headers, "type", message.content().type());
		String traceparent = this.traces ? message.content().trace() : null;
		setIfThere(headers, StompFrames.TRACEPARENT, traceparent);
		message.content().headers().forEach((name, value) -> {
			if (!StompFrames.isReservedHeader(name) && !(traceparent != null && StompFrames.TRACEPARENT.equals(name))) {
				headers.setNativeHeader(name, value);
			}
		});
		headers.setLeaveMutable(true);
		byte[] payload = new byte[message.content().size()];
		message.content().payload().get(payload);
		return MessageBuilder.createMessage(payload, headers.getMessageHeaders());
	}

	/**
	 * The frame of what interceptors have returned.
	 * @param original what there was before: returned when nothing has changed, so that
	 * connections go on sharing it
	 * @throws IllegalStateException when it is no STOMP message any more
	 */
	static Frame frame(Message<?> message, Frame original) {
		if (!(message.getPayload() instanceof byte[] payload)) {
			throw new IllegalStateException("An outbound interceptor returned a message whose payload is not a "
					+ "byte[] but " + message.getPayload().getClass().getName());
		}
		Map<String, List<String>> headers = nativeHeaders(message);
		if (!headers.containsKey("subscription")) {
			throw new IllegalStateException(
					"An outbound interceptor returned a message without the native header \"subscription\"");
		}
		byte[] bytes = StompFrames.message(headers, payload);
		return Arrays.equals(bytes, original.bytes()) ? original : Frame.of(bytes);
	}

	@SuppressWarnings("unchecked")
	private static Map<String, List<String>> nativeHeaders(Message<?> message) {
		Object found = message.getHeaders().get(NativeMessageHeaderAccessor.NATIVE_HEADERS);
		return (found != null) ? (Map<String, List<String>>) found : Map.of();
	}

	/** Publishers may name any content type; Spring's header needs a valid one. */
	private static void setContentType(StompHeaderAccessor headers, String contentType) {
		MimeType type = MediaTypes.parse(contentType);
		if (type != null) {
			headers.setContentType(type);
		}
		headers.setNativeHeader(CONTENT_TYPE, contentType);
	}

	private static void setIfThere(StompHeaderAccessor headers, String name, @Nullable String value) {
		if (value != null) {
			headers.setNativeHeader(name, value);
		}
	}

}

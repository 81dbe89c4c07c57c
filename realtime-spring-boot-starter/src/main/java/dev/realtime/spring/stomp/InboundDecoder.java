package dev.realtime.spring.stomp;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.RefusedException;
import dev.realtime.stomp.MalformedFrameException;
import dev.realtime.stomp.StompFrame;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompDecoder;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MultiValueMap;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/**
 * Makes a message of one whole frame, for Spring's STOMP support, with the engine's own
 * decoder. {@link ClientProtocol} has found the frame, so there is nothing to buffer.
 */
final class InboundDecoder extends StompDecoder implements SmartInitializingSingleton {

	/** Tells a client's frame from what Spring itself says of a session. */
	private static final String FRAME = InboundDecoder.class.getName() + ".frame";

	private static final String HEART_BEAT = "heart-beat";

	private static final String ACCEPT_VERSION = "accept-version";

	private static final Set<String> VERSIONS = Set.of("1.0", "1.1", "1.2");

	private static final Pattern TWO_TIMES = Pattern.compile("\\s*(\\d{1,18})\\s*,\\s*(\\d{1,18})\\s*");

	private static final long LONGEST_MILLIS = Duration.ofDays(1).toMillis();

	private final ObjectProvider<WebSocketHandler> handlers;

	/** What the application configured for Spring's STOMP support; 0 for nothing. */
	private volatile int messageSizeLimit;

	/**
	 * Makes a decoder.
	 * @param handlers those of Spring's STOMP support get this decoder
	 */
	InboundDecoder(ObjectProvider<WebSocketHandler> handlers) {
		this.handlers = handlers;
	}

	/** Whether the message was a client's frame. */
	static boolean isFrame(Message<?> message) {
		return message.getHeaders().containsKey(FRAME);
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.handlers.stream()
			.map(WebSocketHandlerDecorator::unwrap)
			.filter(SubProtocolWebSocketHandler.class::isInstance)
			.flatMap((handler) -> ((SubProtocolWebSocketHandler) handler).getProtocolHandlers().stream())
			.filter(StompSubProtocolHandler.class::isInstance)
			.forEach((handler) -> setUp((StompSubProtocolHandler) handler));
	}

	private void setUp(StompSubProtocolHandler handler) {
		handler.setDecoder(this);
		this.messageSizeLimit = handler.getMessageSizeLimit();
	}

	/**
	 * Returns the most bytes of a frame that can be answered: the application may have
	 * configured its own. Smaller limits are {@link InboundFrames}' to check.
	 */
	int maxFrame(RealtimeProperties.Limits limits) {
		return (this.messageSizeLimit > 0) ? this.messageSizeLimit : limits.largestFrame();
	}

	@Override
	public List<Message<byte[]>> decode(ByteBuffer frame, @Nullable MultiValueMap<String, String> partialHeaders) {
		StompFrame decoded = decoded(frame);
		frame.position(frame.limit());
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.valueOf(decoded.command().name()),
				headers(decoded));
		headers.setHeader(FRAME, true);
		headers.setLeaveMutable(true);
		byte[] body = new byte[decoded.body().remaining()];
		decoded.body().get(body);
		return List.of(MessageBuilder.createMessage(body, headers.getMessageHeaders()));
	}

	private static StompFrame decoded(ByteBuffer frame) {
		try {
			return StompFrame.decode(frame);
		}
		catch (MalformedFrameException ex) {
			throw new RefusedException("bad-frame", ex.sentence(), ex);
		}
	}

	/** Blanks after a comma are common, and Spring's accessor stumbles over them. */
	private static Map<String, List<String>> headers(StompFrame frame) {
		if (!frame.command().opens()) {
			return frame.headers();
		}
		Map<String, List<String>> headers = new LinkedHashMap<>(frame.headers());
		// A client of STOMP 1.0 names no versions.
		headers.merge(ACCEPT_VERSION, List.of("1.0"), (values, none) -> List.of(versions(values.get(0))));
		headers.computeIfPresent(HEART_BEAT, (name, values) -> List.of(times(values.get(0))));
		return headers;
	}

	private static String times(String value) {
		var times = TWO_TIMES.matcher(value);
		if (!times.matches()) {
			throw new RefusedException("bad-frame",
					"heart-beat must be two numbers of milliseconds, such as 10000,10000");
		}
		return bounded(times.group(1)) + ',' + bounded(times.group(2));
	}

	private static String bounded(String millis) {
		return Long.toString(Math.min(LONGEST_MILLIS, Long.parseLong(millis)));
	}

	private static String versions(String value) {
		String versions = value.replaceAll("\\s", "");
		if (Arrays.stream(versions.split(",", -1)).noneMatch(VERSIONS::contains)) {
			throw new RefusedException("bad-frame",
					"This server speaks STOMP 1.2, 1.1 and 1.0, and accept-version names none of them");
		}
		return versions;
	}

}

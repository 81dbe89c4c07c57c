package dev.realtime.spring.stomp;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.spring.LimitsProperties;
import dev.realtime.spring.RefusedException;
import dev.realtime.stomp.MalformedFrameException;
import dev.realtime.stomp.StompDecoder;
import dev.realtime.stomp.StompFrame;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.messaging.support.MessageHeaderInitializer;
import org.springframework.util.InvalidMimeTypeException;
import org.springframework.util.MultiValueMap;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.handler.WebSocketHandlerDecorator;
import org.springframework.web.socket.messaging.StompSubProtocolHandler;
import org.springframework.web.socket.messaging.SubProtocolWebSocketHandler;

/**
 * Takes the place of the decoder in Spring's STOMP support, so that each frame is decoded
 * once: {@link ClientProtocol} decodes it, hands one whole frame at a time to Spring's
 * handler, and that asks here for its message. Only what a decorator of the application
 * has changed on the way is decoded again, by the same decoder.
 */
final class FrameMessages extends org.springframework.messaging.simp.stomp.StompDecoder
		implements SmartInitializingSingleton {

	/** Marks messages made of a client's frame; Spring makes others of a session. */
	private static final String FRAME = FrameMessages.class.getName() + ".frame";

	/** Marks the message by which Spring gets to know a session late. */
	private static final String INTRODUCTION = FrameMessages.class.getName() + ".introduction";

	private static final byte[] NO_BODY = {};

	/** What the calling thread hands to Spring's handler. */
	private static final ThreadLocal<@Nullable Handed> handed = new ThreadLocal<>();

	private final ObjectProvider<WebSocketHandler> handlers;

	private final int maxHeaders;

	/** What the application configured for Spring's STOMP support; 0 for nothing. */
	private volatile int messageSizeLimit;

	/**
	 * Makes the messages of frames.
	 * @param handlers those of Spring's STOMP support get this decoder
	 * @param maxHeaders how many headers of a frame are kept
	 */
	FrameMessages(ObjectProvider<WebSocketHandler> handlers, int maxHeaders) {
		this.handlers = handlers;
		this.maxHeaders = maxHeaders;
	}

	/** Whether the message was a client's frame. */
	static boolean isFrame(Message<?> message) {
		return message.getHeaders().containsKey(FRAME);
	}

	/** Whether the message is an {@link #introduction}. */
	static boolean isIntroduction(Message<?> message) {
		return message.getHeaders().containsKey(INTRODUCTION);
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
		setHeaderInitializer(handler.getHeaderInitializer());
		handler.setDecoder(this);
		this.messageSizeLimit = handler.getMessageSizeLimit();
	}

	/**
	 * Returns the most bytes of a frame that can be answered: the application may have
	 * configured its own. Smaller limits are {@link InboundFrames}' to check.
	 */
	int maxFrame(LimitsProperties limits) {
		return (this.messageSizeLimit > 0) ? this.messageSizeLimit : limits.largestFrame();
	}

	/**
	 * Makes the message that Spring's decoder would make of the frame.
	 * @throws MalformedFrameException if the two sides cannot agree on a CONNECT's
	 * headers
	 * @throws InvalidMimeTypeException if the content type is none
	 */
	Message<byte[]> message(StompFrame frame) {
		return message(frame, null);
	}

	/** Makes that message of a frame that may be observed. */
	Message<byte[]> message(StompFrame frame, @Nullable ObservedFrame observed) {
		StompHeaderAccessor headers = headers(frame);
		headers.setHeader(FRAME, true);
		if (observed != null) {
			observed.mark(headers);
		}
		MessageHeaderInitializer initializer = getHeaderInitializer();
		if (initializer != null) {
			initializer.initHeaders(headers);
		}
		headers.setLeaveMutable(true);
		return MessageBuilder.createMessage(frame.body(), headers.getMessageHeaders());
	}

	/**
	 * Makes the CONNECT by which Spring gets to know a session whose own one has not
	 * passed its channel. It passes the channel and reaches no handler.
	 */
	Message<byte[]> introduction() {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.CONNECT);
		headers.setHeader(INTRODUCTION, true);
		headers.setLeaveMutable(true);
		return MessageBuilder.createMessage(NO_BODY, headers.getMessageHeaders());
	}

	private static StompHeaderAccessor headers(StompFrame frame) {
		StompCommand command = StompCommand.valueOf(frame.command().name());
		Map<String, List<String>> headers = frame.command().opens() ? ConnectHeaders.of(frame) : frame.headers();
		try {
			return StompHeaderAccessor.create(command, headers);
		}
		catch (StringIndexOutOfBoundsException ex) {
			// As in MediaTypes: a quotation in the content type has no end.
			throw new InvalidMimeTypeException(String.valueOf(frame.header("content-type")), "a quote is not closed");
		}
	}

	/**
	 * Hands something to Spring's handler, which asks for the message then.
	 * @param bytes what the handler gets, unless a decorator changes it
	 */
	void handing(ByteBuffer bytes, Message<byte[]> message, Step step) throws Exception {
		handed.set(new Handed(bytes, message));
		try {
			step.run();
		}
		finally {
			handed.remove();
		}
	}

	@Override
	public List<Message<byte[]>> decode(ByteBuffer bytes, @Nullable MultiValueMap<String, String> partialHeaders) {
		Handed known = handed.get();
		if (known != null && known.bytes().equals(bytes)) {
			bytes.position(bytes.limit());
			return List.of(known.message());
		}
		return decodeAgain(bytes, (known != null) ? ObservedFrame.of(known.message()) : null);
	}

	/**
	 * Decodes what a decorator has changed.
	 * @param observed what the frame was before, if that is observed
	 */
	private List<Message<byte[]>> decodeAgain(ByteBuffer bytes, @Nullable ObservedFrame observed) {
		StompDecoder decoder = new StompDecoder(bytes.remaining(), this.maxHeaders);
		List<Message<byte[]>> messages = new ArrayList<>();
		try {
			for (StompFrame frame = decoder.next(bytes); frame != null; frame = decoder.next(bytes)) {
				messages.add(message(frame, (observed != null && observed.isStill(frame)) ? observed : null));
			}
		}
		catch (MalformedFrameException ex) {
			throw new RefusedException("bad-frame", ex.sentence(), ex);
		}
		return messages;
	}

	/** What Spring's handler is called with, and what it stands for. */
	private record Handed(ByteBuffer bytes, Message<byte[]> message) {
	}

	/** A call of Spring's handler. */
	@FunctionalInterface
	interface Step {

		void run() throws Exception;

	}

}

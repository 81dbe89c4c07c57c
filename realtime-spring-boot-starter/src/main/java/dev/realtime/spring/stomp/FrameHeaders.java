package dev.realtime.spring.stomp;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.spring.ClientInput;
import dev.realtime.spring.LimitsProperties;
import dev.realtime.spring.RefusedException;
import dev.realtime.spring.audit.Door;
import dev.realtime.stomp.StompCommand;
import dev.realtime.stomp.StompFrame;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.NativeMessageHeaderAccessor;

/** The STOMP headers of a client's frame, or of a message that an application sends. */
final class FrameHeaders {

	/**
	 * Headers that speak to the server, and {@code sender} and {@code important}, which
	 * only the server sets.
	 */
	private static final Set<String> NOT_FOR_SUBSCRIBERS = Set.of("receipt", "transaction", "login", "passcode", "host",
			"authorization", "accept-version", "exclude-self", "last-seq", "rewind", "realtime", "server",
			"simporigdestination", "simpsessionid", Content.SENDER, Content.IMPORTANT, Content.TRACE, Content.JOURNEY);

	/** The header of a SUBSCRIBE with its token. */
	static final String TOKEN = "subscription-token";

	/** Headers of a frame with credentials that may be as large as those are. */
	private static final Set<String> CREDENTIALS = Set.of("authorization", "login", "passcode");

	private final Map<String, List<String>> headers;

	/** What is refused with the frame; null where that is nothing but the frame. */
	private final @Nullable Door door;

	/** The SUBSCRIBE, if it is observed. */
	private final @Nullable ObservedFrame observed;

	private FrameHeaders(Map<String, List<String>> headers, @Nullable Door door, @Nullable ObservedFrame observed) {
		this.headers = headers;
		this.door = door;
		this.observed = observed;
	}

	@SuppressWarnings("unchecked")
	static FrameHeaders of(Message<?> message) {
		Object found = message.getHeaders().get(NativeMessageHeaderAccessor.NATIVE_HEADERS);
		Door door = door(SimpMessageHeaderAccessor.getMessageType(message.getHeaders()));
		return new FrameHeaders((found != null) ? (Map<String, List<String>>) found : Map.of(), door,
				(door == Door.SUBSCRIBE) ? ObservedFrame.of(message) : null);
	}

	/** The headers of a frame that is no message yet. */
	static FrameHeaders of(StompFrame frame) {
		return of(frame, null);
	}

	/** The headers of a frame that may be observed. */
	static FrameHeaders of(StompFrame frame, @Nullable ObservedFrame observed) {
		return new FrameHeaders(frame.headers(), switch (frame.command()) {
			case SEND, BEGIN, COMMIT, ABORT -> Door.SEND;
			case SUBSCRIBE -> Door.SUBSCRIBE;
			case CONNECT, STOMP -> Door.CONNECT;
			default -> null;
		}, (frame.command() == StompCommand.SUBSCRIBE) ? observed : null);
	}

	private static @Nullable Door door(@Nullable SimpMessageType type) {
		return (type == null) ? null : switch (type) {
			case MESSAGE -> Door.SEND;
			case SUBSCRIBE -> Door.SUBSCRIBE;
			case CONNECT -> Door.CONNECT;
			default -> null;
		};
	}

	@Nullable Door door() {
		return this.door;
	}

	/** The SUBSCRIBE, if it is observed. */
	@Nullable ObservedFrame observed() {
		return this.observed;
	}

	@Nullable String get(String name) {
		List<String> values = this.headers.get(name);
		return (values == null || values.isEmpty()) ? null : values.get(0);
	}

	/** The id of a SUBSCRIBE or UNSUBSCRIBE; in a SEND the header names the message. */
	@Nullable String subscriptionId() {
		return (this.door == Door.SEND) ? null : get("id");
	}

	@Nullable String receipt() {
		return get("receipt");
	}

	boolean is(String name) {
		String value = get(name);
		return "true".equals(value) || "1".equals(value);
	}

	/**
	 * Whether the name, in lower case, is one that the server sets or that speaks to it.
	 */
	static boolean isOfServer(String name) {
		return StompFrames.isReservedHeader(name) || NOT_FOR_SUBSCRIBERS.contains(name);
	}

	/** What the publisher wants subscribers to see. */
	Map<String, String> forSubscribers() {
		Map<String, String> kept = new LinkedHashMap<>();
		this.headers.forEach((name, values) -> {
			String known = name.toLowerCase(Locale.ROOT);
			if (!values.isEmpty() && values.get(0) != null && !isOfServer(known)) {
				kept.put(name, values.get(0));
			}
		});
		return kept;
	}

	/**
	 * The position that a SUBSCRIBE wants to recover from, or null.
	 * @throws RefusedException when it is malformed, saying how
	 */
	@Nullable Position resume() {
		String epoch = get("epoch");
		String lastSeq = get("last-seq");
		if (epoch == null && lastSeq == null) {
			return null;
		}
		if (epoch == null || lastSeq == null) {
			throw new RefusedException("bad-subscribe", "To recover, SUBSCRIBE needs both epoch and last-seq, as the "
					+ "last message or RECEIPT had them; only one is there");
		}
		return ClientInput.position("bad-subscribe", epoch, number("bad-subscribe", "last-seq", lastSeq));
	}

	/**
	 * The number of a read position, or null.
	 * @throws RefusedException when it is malformed, saying how
	 */
	@Nullable Long seq() {
		String seq = get("seq");
		return (seq != null) ? (Long) number("bad-read", "seq", seq) : null;
	}

	/**
	 * How many of the latest messages a SUBSCRIBE wants first, 0 for none.
	 * @throws RefusedException when it is malformed, saying how
	 */
	int rewind() {
		String rewind = get("rewind");
		return (rewind == null) ? 0 : (int) Math.min(Integer.MAX_VALUE, number("bad-subscribe", "rewind", rewind));
	}

	/**
	 * Checks the frame's size limits.
	 * @param authenticates whether the frame brings credentials
	 * @throws RefusedException when one is broken, saying which
	 */
	void check(LimitsProperties limits, boolean authenticates) {
		int count = 0;
		for (Map.Entry<String, List<String>> header : this.headers.entrySet()) {
			count += header.getValue().size();
			boolean credentials = authenticates && CREDENTIALS.contains(header.getKey().toLowerCase(Locale.ROOT));
			long most = (credentials ? limits.maxCredentialsSize() : limits.maxHeaderSize()).toBytes();
			for (String value : header.getValue()) {
				check(header.getKey(), value, most, credentials);
			}
		}
		if (count > limits.maxHeaders()) {
			throw new RefusedException("too-many-headers",
					"The frame has " + count + " headers, at most " + limits.maxHeaders() + " are allowed");
		}
	}

	/**
	 * Checks the passcode of a CONNECT.
	 * @throws RefusedException when it is too large
	 */
	static void checkPasscode(@Nullable String passcode, LimitsProperties limits) {
		check("passcode", passcode, limits.maxCredentialsSize().toBytes(), true);
	}

	private static void check(String name, @Nullable String value, long most, boolean credentials) {
		if (name.length() + ((value != null) ? value.length() : 0) > most) {
			throw new RefusedException(credentials ? "credentials-too-large" : "header-too-large",
					"The header \"" + abbreviated(name) + "\" is larger than " + most + " characters");
		}
	}

	static long number(String reason, String name, String value) {
		try {
			long number = Long.parseLong(value.trim());
			if (number >= 0) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Falls through to the one answer.
		}
		throw new RefusedException(reason,
				name + " must be a whole number from 0 up, not \"" + abbreviated(value) + '"');
	}

	private static String abbreviated(String text) {
		return (text.length() > 40) ? text.substring(0, 40) + "…" : text;
	}

}

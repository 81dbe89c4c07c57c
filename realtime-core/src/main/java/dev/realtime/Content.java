package dev.realtime;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What a message says, whatever its number: payload, media type, the application's own
 * type and headers. Immutable; the payload bytes are never copied after construction and
 * are shared by every subscriber.
 */
public final class Content {

	/** The media type of text payloads. */
	public static final String TEXT = "text/plain;charset=UTF-8";

	/** The header that names the sender, see {@link Publication#sender()}. */
	public static final String SENDER = "sender";

	/** The media type of JSON payloads. */
	public static final String JSON = "application/json";

	/** The media type of payloads of which nothing is known. */
	public static final String BINARY = "application/octet-stream";

	/** The header of important messages, see {@link Publication#important()}. */
	public static final String IMPORTANT = "important";

	/**
	 * The header that carries {@link #trace()} in the log and between nodes. It is not
	 * one of {@link #headers()}, and clients do not get it.
	 */
	public static final String TRACE = "realtime-traceparent";

	/**
	 * The header with which a publication asks for its journey: with the value
	 * {@code true}, each node notes when the message reached which stage. It is not one
	 * of {@link #headers()}, and clients do not get it.
	 */
	public static final String JOURNEY = "realtime-trace";

	/** With more headers than this, a message carries neither trace nor journey. */
	private static final int MOST_HEADERS_WITH_TRACE = 64;

	/** Version 00 of W3C Trace Context: trace, span and flags, in lower-case hex. */
	private static final Pattern TRACEPARENT = Pattern.compile("00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

	private final byte[] payload;

	private final String contentType;

	private final @Nullable String type;

	private final Map<String, String> headers;

	/** Null for most messages: nodes then have nothing to note. */
	private final @Nullable Marks marks;

	private Content(byte[] payload, String contentType, @Nullable String type, Map<String, String> headers,
			@Nullable Marks marks) {
		this.payload = payload;
		this.contentType = contentType;
		this.type = type;
		this.headers = headers;
		this.marks = marks;
	}

	/**
	 * Takes over the payload array: the caller must not change it afterwards.
	 * @param payload the bytes as they go on the wire
	 * @param contentType the media type, such as {@value #JSON}
	 * @param type what kind of message this is to the application, such as
	 * {@code chat.message}, or null
	 * @param headers the application's own headers, copied; and {@link #TRACE} and
	 * {@link #JOURNEY}, which are left out if they are malformed
	 */
	public static Content of(byte[] payload, String contentType, @Nullable String type, Map<String, String> headers) {
		String trace = headers.get(TRACE);
		String journey = headers.get(JOURNEY);
		if (trace == null && journey == null) {
			return new Content(payload, contentType, type, copy(headers), null);
		}
		Map<String, String> others = new LinkedHashMap<>(headers);
		others.remove(TRACE);
		others.remove(JOURNEY);
		return new Content(payload, contentType, type, copy(others), null).marked(trace, "true".equals(journey));
	}

	/** Most messages have one header at most, the sender: that costs no table. */
	private static Map<String, String> copy(Map<String, String> headers) {
		return (headers.size() <= 1) ? Map.copyOf(headers) : Collections.unmodifiableMap(new LinkedHashMap<>(headers));
	}

	/** A JSON payload, given as text. */
	public static Content json(String json) {
		return new Content(json.getBytes(StandardCharsets.UTF_8), JSON, null, Map.of(), null);
	}

	/** A plain text payload. */
	public static Content text(String text) {
		return new Content(text.getBytes(StandardCharsets.UTF_8), TEXT, null, Map.of(), null);
	}

	/**
	 * Returns the content for a payload that needs no conversion. Text becomes
	 * {@value #TEXT}; bytes become {@value #BINARY} and are copied; a {@code Content} is
	 * returned as it is.
	 * @throws IllegalArgumentException when the payload is of another type
	 */
	public static Content of(Object payload) {
		if (payload instanceof Content content) {
			return content;
		}
		if (payload instanceof CharSequence text) {
			return text(text.toString());
		}
		if (payload instanceof byte[] bytes) {
			return new Content(bytes.clone(), BINARY, null, Map.of(), null);
		}
		throw new IllegalArgumentException("A payload must be text, bytes or a Content, not "
				+ payload.getClass().getName() + "; convert other objects to one of these first");
	}

	/** The payload, read-only. */
	public ByteBuffer payload() {
		return ByteBuffer.wrap(this.payload).asReadOnlyBuffer();
	}

	/** Number of payload bytes. */
	public int size() {
		return this.payload.length;
	}

	/** The payload as UTF-8 text. */
	public String text() {
		return new String(this.payload, StandardCharsets.UTF_8);
	}

	public String contentType() {
		return this.contentType;
	}

	public @Nullable String type() {
		return this.type;
	}

	/** The application's own headers, in the order given; unmodifiable. */
	public Map<String, String> headers() {
		return this.headers;
	}

	/**
	 * Returns the headers as they are stored and sent to other nodes: the application's
	 * own, {@link #TRACE} if there is a trace, and {@link #JOURNEY} if it asks for one.
	 */
	public Map<String, String> storedHeaders() {
		Marks known = this.marks;
		if (known == null) {
			return this.headers;
		}
		Map<String, String> stored = new LinkedHashMap<>(this.headers);
		if (known.trace != null) {
			stored.put(TRACE, known.trace);
		}
		if (known.journey) {
			stored.put(JOURNEY, "true");
		}
		return stored;
	}

	/**
	 * The span that published the message, if its trace is recorded: a
	 * <a href="https://www.w3.org/TR/trace-context/#traceparent-header">traceparent</a>,
	 * else null.
	 */
	public @Nullable String trace() {
		return (this.marks != null) ? this.marks.trace : null;
	}

	/** Whether nodes note when the message reached which stage, see {@link #JOURNEY}. */
	public boolean hasJourney() {
		return this.marks != null && this.marks.journey;
	}

	/** Whether it has a trace or a journey. */
	public boolean isObserved() {
		return this.marks != null;
	}

	/**
	 * Returns the same content with the span that publishes it. Without one, if it is
	 * malformed or there are more than {@value #MOST_HEADERS_WITH_TRACE} headers.
	 * @param traceparent the span, or null
	 */
	public Content traced(@Nullable String traceparent) {
		return marked(traceparent, hasJourney());
	}

	/**
	 * Returns the same content, which asks for its {@link #JOURNEY journey}. Without that
	 * if there are more than {@value #MOST_HEADERS_WITH_TRACE} headers.
	 */
	public Content withJourney() {
		return marked(trace(), true);
	}

	private Content marked(@Nullable String traceparent, boolean journey) {
		boolean room = this.headers.size() <= MOST_HEADERS_WITH_TRACE;
		String legal = (traceparent != null && room && TRACEPARENT.matcher(traceparent).matches()) ? traceparent : null;
		Marks made = (legal != null || (journey && room)) ? new Marks(legal, journey) : null;
		return new Content(this.payload, this.contentType, this.type, this.headers, made);
	}

	/** Returns the same content with another type, or without one. */
	public Content withType(@Nullable String type) {
		return new Content(this.payload, this.contentType, type, this.headers, this.marks);
	}

	/** Returns the same content with the sender's name as its header, or without one. */
	Content sentBy(@Nullable String sender) {
		if (Objects.equals(sender, this.headers.get(SENDER))) {
			return this;
		}
		return with(SENDER, sender);
	}

	/** Whether it is marked as important, see {@link Publication#important()}. */
	public boolean isImportant() {
		return "true".equals(this.headers.get(IMPORTANT));
	}

	/** Returns the same content with the mark of important messages, or without it. */
	Content markedImportant(boolean important) {
		return (important == isImportant()) ? this : with(IMPORTANT, important ? "true" : null);
	}

	private Content with(String header, @Nullable String value) {
		Map<String, String> changed = new LinkedHashMap<>(this.headers);
		changed.remove(header);
		if (value != null) {
			changed.put(header, value);
		}
		return new Content(this.payload, this.contentType, this.type, copy(changed), this.marks);
	}

	@Override
	public String toString() {
		return this.contentType + '(' + this.payload.length + " bytes)";
	}

	/**
	 * What nodes note of the message beside delivering it; one of the two at least.
	 */
	private record Marks(@Nullable String trace, boolean journey) {
	}

}

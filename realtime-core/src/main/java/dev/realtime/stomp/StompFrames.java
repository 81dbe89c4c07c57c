package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import dev.realtime.Signal;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;

/**
 * The frames that the engine itself sends. Everything that a client may rely on is in
 * {@code docs/protocol.md}. Pure functions but for the number of control events.
 *
 * <pre>
 * MESSAGE                      RECEIPT                MESSAGE
 * subscription:sub-1           receipt-id:r-1         subscription:realtime
 * message-id:7QX2M0A9BC-12     topic:room.42          message-id:control-1
 * destination:/topic/room.42   epoch:7QX2M0A9BC       destination:/realtime
 * epoch:7QX2M0A9BC             seq:12                 event:gap
 * seq:12                       replayed:0             …
 * timestamp:1763761234567      recovered:true
 * content-type:application/json
 * content-length:14
 * …
 * </pre>
 */
public final class StompFrames {

	/** The subscription id that control events carry. */
	public static final String CONTROL = "realtime";

	/** The destination that control events carry. */
	public static final String CONTROL_DESTINATION = "/realtime";

	/** Header names that are ours: a publisher's header of such a name is not sent. */
	private static final Set<String> OURS = Set.of("subscription", "message-id", "destination", "epoch", "seq",
			"timestamp", "content-type", "content-length", "type", "id", "receipt-id", "event", "ack", "heart-beat",
			"version");

	private static final String CONTENT_TYPE = "content-type";

	private static final String CONTENT_LENGTH = "content-length";

	/** Says after how many milliseconds what was refused may be sent again. */
	public static final String RETRY_AFTER = "retry-after-ms";

	/** Names the span that has published a message. */
	public static final String TRACEPARENT = "traceparent";

	private static final byte[] HEARTBEAT = { '\n' };

	private static final AtomicLong controlEvents = new AtomicLong();

	private StompFrames() {
	}

	/** Whether the protocol itself uses the header name in a MESSAGE. */
	public static boolean isReservedHeader(String name) {
		return OURS.contains(name);
	}

	/** A MESSAGE for all subscriptions of the same id. */
	public static byte[] message(TopicMessage message, String destination, String subscriptionId) {
		return message(message, destination, subscriptionId, null);
	}

	/**
	 * A MESSAGE that names the span which published it.
	 * @param traceparent the header {@value #TRACEPARENT}, in place of one of the
	 * publisher's; null for none
	 */
	public static byte[] message(TopicMessage message, String destination, String subscriptionId,
			@Nullable String traceparent) {
		FrameWriter frame = new FrameWriter("MESSAGE", 320 + message.content().size());
		frame.header("subscription", subscriptionId)
			.header("message-id", message.position().toString())
			.header("destination", destination)
			.header("epoch", message.position().epoch())
			.header("seq", message.seq())
			.header("timestamp", message.timestamp())
			.header("content-type", message.content().contentType())
			.header("content-length", message.content().size());
		optional(frame, "id", message.id());
		optional(frame, "type", message.content().type());
		optional(frame, TRACEPARENT, traceparent);
		message.content().headers().forEach((name, value) -> {
			if (!OURS.contains(name) && !(traceparent != null && TRACEPARENT.equals(name))) {
				frame.header(name, value);
			}
		});
		return frame.body(message.content().payload());
	}

	/**
	 * A MESSAGE with headers of the caller's, in their order; its length is written anew.
	 */
	public static byte[] message(Map<String, List<String>> headers, byte[] body) {
		FrameWriter frame = new FrameWriter("MESSAGE", 320 + body.length);
		headers.forEach((name, values) -> {
			if (!CONTENT_LENGTH.equals(name)) {
				values.forEach((value) -> optional(frame, name, value));
			}
			if (CONTENT_TYPE.equals(name)) {
				frame.header(CONTENT_LENGTH, body.length);
			}
		});
		if (!headers.containsKey(CONTENT_TYPE)) {
			frame.header(CONTENT_LENGTH, body.length);
		}
		return frame.body(ByteBuffer.wrap(body));
	}

	/** A RECEIPT with headers in the given order; those without a value are left out. */
	public static byte[] receipt(String receiptId, Map<String, @Nullable Object> headers) {
		FrameWriter frame = new FrameWriter("RECEIPT", 160);
		frame.header("receipt-id", receiptId);
		headers.forEach((name, value) -> optional(frame, name, value));
		return frame.end();
	}

	/**
	 * A CONNECTED. Its values have no escapes, as STOMP 1.2 demands of this frame; line
	 * ends and NUL, which would end a value, become question marks.
	 * @param version of the protocol
	 * @param sendMillis how often the server sends a heartbeat, 0 for never
	 * @param expectMillis how often it expects one, 0 for never
	 * @param userName as whom the client is connected, or null
	 */
	public static byte[] connected(String version, long sendMillis, long expectMillis, @Nullable String userName) {
		FrameWriter frame = new FrameWriter("CONNECTED", 96);
		frame.plainHeader("version", version).plainHeader("heart-beat", sendMillis + "," + expectMillis);
		if (userName != null) {
			frame.plainHeader("user-name", userName);
		}
		return frame.end();
	}

	/** An ERROR; the connection is closed after it. */
	public static byte[] error(String message, @Nullable String receiptId) {
		return error(message, receiptId, null);
	}

	/**
	 * An ERROR that says when to come back.
	 * @param retryAfterMs after how many milliseconds, or null
	 */
	public static byte[] error(String message, @Nullable String receiptId, @Nullable Long retryAfterMs) {
		FrameWriter frame = new FrameWriter("ERROR", 160);
		frame.header("message", message);
		optional(frame, "receipt-id", receiptId);
		optional(frame, RETRY_AFTER, retryAfterMs);
		return frame.header("content-length", 0).end();
	}

	/** A control event, for clients that sent {@code realtime:1}. */
	public static byte[] control(String event, Map<String, @Nullable Object> headers) {
		FrameWriter frame = new FrameWriter("MESSAGE", 256);
		frame.header("subscription", CONTROL)
			.header("message-id", "control-" + controlEvents.incrementAndGet())
			.header("destination", CONTROL_DESTINATION)
			.header("event", event);
		headers.forEach((name, value) -> optional(frame, name, value));
		return frame.header("content-length", 0).end();
	}

	/** A signal, for the subscriptions of one id; its body is JSON, if it has one. */
	public static byte[] signal(Signal signal, String subscriptionId) {
		byte[] body = (signal.payload() != null) ? signal.payload().getBytes(StandardCharsets.UTF_8) : new byte[0];
		FrameWriter frame = new FrameWriter("MESSAGE", 256 + body.length);
		frame.header("subscription", CONTROL)
			.header("message-id", "control-" + controlEvents.incrementAndGet())
			.header("destination", CONTROL_DESTINATION)
			.header("event", "signal")
			.header("subscription-id", subscriptionId)
			.header("topic", signal.topic().name())
			.header("type", signal.type());
		optional(frame, "user", signal.user());
		if (signal.payload() != null) {
			frame.header("content-type", "application/json");
		}
		return frame.header("content-length", body.length).body(ByteBuffer.wrap(body));
	}

	/**
	 * A MESSAGE that is no topic's and has no number, with a JSON body.
	 * @param destination as subscribed
	 */
	public static byte[] json(String subscriptionId, String destination, String json) {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		FrameWriter frame = new FrameWriter("MESSAGE", 192 + body.length);
		return frame.header("subscription", subscriptionId)
			.header("message-id", "event-" + controlEvents.incrementAndGet())
			.header("destination", destination)
			.header("content-type", "application/json")
			.header("content-length", body.length)
			.body(ByteBuffer.wrap(body));
	}

	/** What was refused and why, instead of an ERROR and a closed connection. */
	public static byte[] denied(String reason, String message, @Nullable String receiptId,
			@Nullable String subscriptionId, @Nullable String destination) {
		return denied(reason, message, receiptId, subscriptionId, destination, null);
	}

	/**
	 * What was refused, and when the client may send it again.
	 * @param retryAfterMs after how many milliseconds, or null
	 */
	public static byte[] denied(String reason, String message, @Nullable String receiptId,
			@Nullable String subscriptionId, @Nullable String destination, @Nullable Long retryAfterMs) {
		Map<String, @Nullable Object> headers = new LinkedHashMap<>();
		headers.put("reason", reason);
		headers.put("message", message);
		headers.put("receipt-id", receiptId);
		headers.put("subscription-id", subscriptionId);
		headers.put("refused-destination", destination);
		headers.put(RETRY_AFTER, retryAfterMs);
		return control("denied", headers);
	}

	/** A sign of life between frames. */
	public static byte[] heartbeat() {
		return HEARTBEAT.clone();
	}

	private static void optional(FrameWriter frame, String name, @Nullable Object value) {
		if (value != null) {
			frame.header(name, value.toString());
		}
	}

}

package dev.realtime.spring.stream;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.json.Json;
import dev.realtime.spring.AddressConnections;
import dev.realtime.spring.rates.RateLimitedException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;

/**
 * An HTTP answer: the beginning of a stream, or all of it.
 *
 * @param status the status code
 * @param headers without length and framing, which are the server's affair
 * @param body empty for a stream's beginning
 * @param refusal why the client was refused, if it was and no report was made yet
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record StreamAnswer(int status, Map<String, String> headers, byte[] body, @Nullable String refusal) {

	private static final byte[] NOTHING = {};

	/** After how many seconds to try again when something is away. */
	private static final String RETRY_AFTER = "2";

	/** Answers that are refusals whatever their word. */
	private static final Map<Integer, String> REFUSALS = Map.of(401, "no-user", 403, "forbidden", 408, "too-slow", 413,
			"too-large", 429, "rate-limited", 431, "header-too-large");

	/** An answer that refuses nothing. */
	public StreamAnswer(int status, Map<String, String> headers, byte[] body) {
		this(status, headers, body, null);
	}

	/** An answer without a body. */
	public static StreamAnswer empty(int status) {
		return new StreamAnswer(status, Map.of("Cache-Control", "no-store"), NOTHING);
	}

	static StreamAnswer document(byte[] json) {
		return new StreamAnswer(200, headers("application/json"), json);
	}

	/**
	 * A problem document (RFC 9457).
	 * @param reason a word for programs
	 * @param detail a sentence for people
	 */
	public static StreamAnswer problem(int status, @Nullable String reason, String detail) {
		HttpStatus known = HttpStatus.resolve(status);
		Json json = new Json(256).open('{')
			.optional("type", "about:blank")
			.optional("title", (known != null) ? known.getReasonPhrase() : null)
			.name("status")
			.value(status)
			.optional("detail", detail)
			.optional("reason", reason)
			.close('}');
		Map<String, String> headers = headers("application/problem+json");
		if (status == 503 || status == 429) {
			headers.put("Retry-After", RETRY_AFTER);
		}
		if (status == 401) {
			headers.put("WWW-Authenticate", "Bearer");
		}
		return new StreamAnswer(status, headers, json.bytes(), refusal(status, reason));
	}

	/**
	 * Returns what an answer refuses for reports; null if it is no refusal.
	 * @param reason the word for programs, if there is one
	 */
	public static @Nullable String refusal(int status, @Nullable String reason) {
		String word = REFUSALS.get(status);
		return (reason != null && (word != null || status == 503)) ? reason : word;
	}

	/** The same, where the report was made already. */
	StreamAnswer reported() {
		return new StreamAnswer(this.status, this.headers, this.body);
	}

	/** A method that the resource does not take. */
	public static StreamAnswer wrongMethod(StreamKind kind) {
		return problem(405, null, "This resource takes " + kind.method() + " only").with("Allow", kind.method());
	}

	/**
	 * What a browser wants to know before it asks.
	 * @param headers which ones the page wants to send, or null
	 */
	public static StreamAnswer options(StreamKind kind, @Nullable String headers) {
		StreamAnswer answer = empty(200).with("Allow", kind.method() + ", OPTIONS")
			.with("Access-Control-Allow-Methods", kind.method())
			.with("Access-Control-Max-Age", Long.toString(StreamKind.PREFLIGHT_SECONDS));
		return (headers != null) ? answer.with("Access-Control-Allow-Headers", headers) : answer;
	}

	/** A body that is larger than a client's frame may be. */
	public static StreamAnswer tooLarge(long most) {
		return problem(413, "too-large", "A body has at most " + most + " bytes");
	}

	/** A page of an origin that may not connect. */
	public static StreamAnswer foreignOrigin() {
		return problem(403, "origin", "Pages of this origin may not connect");
	}

	/** The client does this more often than it may. */
	public static StreamAnswer tooOften(String sentence, long retryAfterMillis) {
		return problem(429, RateLimitedException.WORD, sentence).with("Retry-After",
				Long.toString(RateLimitedException.seconds(retryAfterMillis)));
	}

	/** The node has all the connections that it may have. */
	public static StreamAnswer full() {
		return problem(503, "full", "The node has reached its limit of connections");
	}

	/** The address has all the connections that it may have on this node. */
	public static StreamAnswer crowded() {
		return problem(429, AddressConnections.WORD, AddressConnections.SENTENCE);
	}

	/** A request that must have no body has one. */
	public static StreamAnswer noBody(String method) {
		return problem(400, "bad-request", "A " + method + " of this resource has no body");
	}

	/** The same with one header more. */
	public StreamAnswer with(String name, String value) {
		Map<String, String> more = new LinkedHashMap<>(this.headers);
		more.put(name, value);
		return new StreamAnswer(this.status, more, this.body, this.refusal);
	}

	private static Map<String, String> headers(String type) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Content-Type", type);
		headers.put("Cache-Control", "no-store");
		return headers;
	}

}

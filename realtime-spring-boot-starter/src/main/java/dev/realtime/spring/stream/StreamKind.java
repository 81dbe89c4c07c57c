package dev.realtime.spring.stream;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/** The three resources, each below the path of the other HTTP resources. */
public enum StreamKind {

	/** Server-Sent Events. */
	SSE("/sse", "GET"),

	/** Long polling. */
	POLL("/poll", "GET"),

	/** One frame to a destination. */
	SEND("/send", "POST");

	/** What pages of other origins may read besides the body. */
	public static final List<String> EXPOSED_HEADERS = List.of("Realtime-Position", "Retry-After");

	/** How long a browser may remember that it may ask. */
	public static final long PREFLIGHT_SECONDS = 1_800;

	private final String path;

	private final String method;

	StreamKind(String path, String method) {
		this.path = path;
		this.method = method;
	}

	/** The end of its path. */
	public String path() {
		return this.path;
	}

	/** The one method that it takes. */
	public String method() {
		return this.method;
	}

	/** What lets a page of another origin read the answer. */
	public Map<String, String> corsHeaders(String origin) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("Access-Control-Allow-Origin", origin);
		headers.put("Access-Control-Allow-Credentials", "true");
		headers.put("Access-Control-Expose-Headers", String.join(", ", EXPOSED_HEADERS));
		headers.put("Vary", "Origin");
		return headers;
	}

	/**
	 * The resource at a path, or null.
	 * @param base what the paths of all HTTP resources start with
	 */
	public static @Nullable StreamKind at(String path, String base) {
		for (StreamKind kind : values()) {
			if (path.length() == base.length() + kind.path.length() && path.startsWith(base)
					&& path.endsWith(kind.path)) {
				return kind;
			}
		}
		return null;
	}

}

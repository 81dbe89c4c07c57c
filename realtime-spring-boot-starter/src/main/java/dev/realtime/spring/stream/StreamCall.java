package dev.realtime.spring.stream;

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.Principal;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * A request as it came.
 *
 * @param uri the path and query
 * @param query the query as it was sent, not decoded; null when there is none
 * @param headers its headers
 * @param body its body, at most as large as a frame may be
 * @param user who the request says it is, if it does
 * @param local the socket's own address
 * @param remote the client's, as far as it is known
 * @param attributes of the session that it becomes
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record StreamCall(URI uri, @Nullable String query, HttpHeaders headers, byte[] body, @Nullable Principal user,
		@Nullable InetSocketAddress local, @Nullable InetSocketAddress remote, Map<String, Object> attributes) {

	/** What the clients that send a form are told. */
	public static final String NO_FORMS = "A form cannot be sent here: a filter may have read its fields already. "
			+ "Send Content-Type: application/json, text/plain or the actual type of the body";

	/** The same with another body. */
	public StreamCall with(byte[] other) {
		return new StreamCall(this.uri, this.query, this.headers, other, this.user, this.local, this.remote,
				this.attributes);
	}

	/** Whether a body of this type may have been read as a request's parameters. */
	public static boolean isForm(@Nullable String contentType) {
		String type = (contentType != null) ? contentType.strip().toLowerCase(Locale.ROOT) : "";
		return type.startsWith("application/x-www-form-urlencoded") || type.startsWith("multipart/");
	}

	/**
	 * Whether a page of another origin has caused the request without asking as pages do
	 * that want to read the answer, with an {@code Origin}: by an image, say, or a link.
	 * The request would carry the visitor's cookies.
	 * @see <a href="https://www.w3.org/TR/fetch-metadata/">Fetch Metadata</a>
	 */
	boolean isFromForeignPage() {
		String site = header("Sec-Fetch-Site");
		return site != null && !site.equals("same-origin") && !site.equals("none") && header("Origin") == null;
	}

	@Nullable String header(String name) {
		return this.headers.getFirst(name);
	}

}

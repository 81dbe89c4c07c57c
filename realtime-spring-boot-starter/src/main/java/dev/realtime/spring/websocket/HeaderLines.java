package dev.realtime.spring.websocket;

import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.springframework.http.HttpHeaders;

/**
 * The headers of a handshake, as few objects as possible: most applications never look at
 * them.
 *
 * @param lines each header as {@code name:value} and a line feed
 */
public record HeaderLines(String lines) {

	/** Returns the headers that are handed to the consumer, in their order. */
	public static HeaderLines of(Consumer<BiConsumer<String, String>> headers) {
		StringBuilder lines = new StringBuilder(256);
		headers.accept((name, value) -> lines.append(name).append(':').append(value).append('\n'));
		return new HeaderLines(lines.toString());
	}

	/** Returns those of one entry for each header. */
	public static HeaderLines of(Iterable<Map.Entry<String, String>> headers) {
		return of((next) -> headers.forEach((header) -> next.accept(header.getKey(), header.getValue())));
	}

	/** Returns them as Spring has them. */
	public HttpHeaders headers() {
		HttpHeaders headers = new HttpHeaders();
		this.lines.lines().forEach((line) -> {
			int colon = line.indexOf(':');
			headers.add(line.substring(0, colon), line.substring(colon + 1));
		});
		return headers;
	}

	/**
	 * Returns the values of a header, with a comma between those of several lines; empty
	 * if there are none.
	 */
	public String values(String name) {
		String found = "";
		for (int begin = 0; begin < this.lines.length();) {
			int end = this.lines.indexOf('\n', begin);
			int value = begin + name.length() + 1;
			if (value <= end && this.lines.charAt(value - 1) == ':'
					&& this.lines.regionMatches(true, begin, name, 0, name.length())) {
				String next = this.lines.substring(value, end);
				found = found.isEmpty() ? next : found + ',' + next;
			}
			begin = end + 1;
		}
		return found;
	}

}

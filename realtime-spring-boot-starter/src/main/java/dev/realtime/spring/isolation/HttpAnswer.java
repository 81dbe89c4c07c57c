package dev.realtime.spring.isolation;

import java.io.IOException;
import java.util.Locale;

/** Reads an answer of HTTP/1.1 that is complete. */
final class HttpAnswer {

	private static final String END_OF_HEADERS = "\r\n\r\n";

	private static final String LINE = "\r\n";

	private HttpAnswer() {
	}

	/**
	 * Returns the body.
	 * @param answer all bytes to the end of the connection, each of them a character
	 * @throws IOException if it is not a complete answer with status 200
	 */
	static String body(String answer) throws IOException {
		int headersEnd = answer.indexOf(END_OF_HEADERS);
		if (headersEnd < 0 || !answer.startsWith("HTTP/1.")) {
			throw new IOException("the answer is not HTTP");
		}
		String status = answer.substring(0, answer.indexOf(LINE));
		if (!status.matches("HTTP/1\\.[01] 200( .*)?")) {
			throw new IOException("the answer is \"" + status.replaceAll("[^ -~]", "?") + '"');
		}
		String headers = answer.substring(0, headersEnd).toLowerCase(Locale.ROOT);
		String body = answer.substring(headersEnd + END_OF_HEADERS.length());
		return headers.contains("\r\ntransfer-encoding: chunked") ? chunks(body) : body;
	}

	private static String chunks(String body) throws IOException {
		StringBuilder whole = new StringBuilder();
		int at = 0;
		while (true) {
			int lineEnd = body.indexOf(LINE, at);
			String size = (lineEnd >= 0) ? body.substring(at, lineEnd) : "";
			if (!size.matches("[0-9a-fA-F]{1,6}")) {
				throw new IOException("the answer is not complete");
			}
			int length = Integer.parseInt(size, 16);
			int start = lineEnd + LINE.length();
			if (length == 0) {
				return whole.toString();
			}
			if (start + length + LINE.length() > body.length()) {
				throw new IOException("the answer is not complete");
			}
			whole.append(body, start, start + length);
			at = start + length + LINE.length();
		}
	}

}

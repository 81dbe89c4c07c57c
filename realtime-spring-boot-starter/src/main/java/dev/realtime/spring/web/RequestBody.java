package dev.realtime.spring.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;

import dev.realtime.spring.stream.StreamCall;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Reads bodies of requests, which are bounded in size and time. A body that a filter has
 * read before is refused: taking it as empty would lose what the client sent.
 */
final class RequestBody {

	private static final int CHUNK = 8_192;

	private RequestBody() {
	}

	/**
	 * Reads the whole body.
	 * @param most its largest size in bytes
	 * @param timeout how long the client may take to send it
	 * @throws RequestRefusedException if it is larger, takes longer or is not all there
	 * @throws IOException if the client is gone
	 */
	static byte[] read(HttpServletRequest request, int most, Duration timeout) throws IOException {
		long length = request.getContentLengthLong();
		if (length > most) {
			throw tooLarge(most);
		}
		if (length != 0 && StreamCall.isForm(request.getContentType())) {
			throw new RequestRefusedException(HttpStatus.BAD_REQUEST, StreamCall.NO_FORMS);
		}
		byte[] body;
		try {
			body = read(stream(request), most, System.nanoTime() + timeout.toNanos());
		}
		catch (SocketTimeoutException ex) {
			throw tooSlow();
		}
		boolean chunked = request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
		if (body.length < length || (chunked && body.length == 0)) {
			throw readBefore();
		}
		return body;
	}

	private static InputStream stream(HttpServletRequest request) throws IOException {
		try {
			return request.getInputStream();
		}
		catch (IllegalStateException ex) {
			// A filter has asked for the reader.
			throw readBefore();
		}
	}

	private static byte[] read(InputStream in, int most, long deadlineNanos) throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		byte[] chunk = new byte[Math.min(CHUNK, most + 1)];
		for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
			body.write(chunk, 0, read);
			if (body.size() > most) {
				throw tooLarge(most);
			}
			if (System.nanoTime() - deadlineNanos > 0) {
				throw tooSlow();
			}
		}
		return body.toByteArray();
	}

	/** Whether the client says that the body is JSON. */
	static boolean isJson(HttpServletRequest request) {
		String type = request.getContentType();
		return type != null && type.toLowerCase(Locale.ROOT).matches("\\s*application/([^;]+\\+)?json\\s*(;.*)?");
	}

	private static RequestRefusedException readBefore() {
		return RequestRefusedException.badRequest("The body was read before it came here, by a filter of the "
				+ "application: exclude this path from it");
	}

	private static RequestRefusedException tooLarge(int most) {
		return new RequestRefusedException(HttpStatus.PAYLOAD_TOO_LARGE, "A body has at most " + most + " bytes");
	}

	private static RequestRefusedException tooSlow() {
		return new RequestRefusedException(HttpStatus.REQUEST_TIMEOUT, "The body took too long to arrive");
	}

}

package dev.realtime.spring.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Reads bodies of requests, which are bounded in size and time. One that has arrived is
 * read at once, any other by a {@link SlowBody} without a thread that waits. Where a
 * filter of the application gives the request another input, which may know nothing of
 * that, the request's own thread reads. A body that a filter has read before is refused:
 * taking it as empty would lose what the client sent.
 */
final class RequestBody {

	/** No body at all. */
	static final byte[] NONE = {};

	private static final int CHUNK = 8_192;

	private RequestBody() {
	}

	/**
	 * Reads the whole body if that needs no waiting, or if only this thread can wait.
	 * @param most its largest size in bytes
	 * @param timeout how long the client may take to send it
	 * @return null if the body has not arrived yet: {@link SlowBody} can read it
	 * @throws RequestRefusedException if it is larger, takes longer or is not all there
	 * @throws IOException if the client is gone
	 */
	static byte @Nullable [] read(HttpServletRequest request, int most, Duration timeout) throws IOException {
		long length = request.getContentLengthLong();
		if (length > most) {
			throw tooLarge(most);
		}
		if (!isAnnounced(request)) {
			return NONE;
		}
		ServletInputStream in = stream(request);
		if (!isThere(in, length) && request.isAsyncSupported() && ContainerResponse.isContainers(request, in)) {
			return null;
		}
		try {
			return checked(request, read(in, most, System.nanoTime() + timeout.toNanos()));
		}
		catch (SocketTimeoutException ex) {
			throw tooSlow();
		}
	}

	/** Whether the client says that there is a body. */
	static boolean isAnnounced(HttpServletRequest request) {
		return request.getContentLengthLong() > 0 || isChunked(request);
	}

	/**
	 * Whether something of the body has not come yet: a container reads what is left
	 * before it goes on to the next request, on a thread that waits for the client.
	 */
	static boolean isLeft(HttpServletRequest request) {
		if (!isAnnounced(request)) {
			return false;
		}
		try {
			ServletInputStream in = ContainerResponse.request(request).getInputStream();
			return !in.isFinished() && !isThere(in, request.getContentLengthLong());
		}
		catch (IOException | IllegalStateException ex) {
			// A filter has taken the reader, and so has the body.
			return false;
		}
	}

	/**
	 * Returns the body that was read.
	 * @throws RequestRefusedException if something of it is missing
	 */
	static byte[] checked(HttpServletRequest request, byte[] body) {
		if (body.length < request.getContentLengthLong() || (isChunked(request) && body.length == 0)) {
			throw readBefore();
		}
		return body;
	}

	private static boolean isThere(ServletInputStream in, long length) throws IOException {
		return length >= 0 && in.available() >= length;
	}

	private static boolean isChunked(HttpServletRequest request) {
		return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
	}

	private static ServletInputStream stream(HttpServletRequest request) throws IOException {
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

	static RequestRefusedException readBefore() {
		return RequestRefusedException
			.badRequest("A filter of the application has already read the body: exclude this path from that filter");
	}

	static RequestRefusedException tooLarge(int most) {
		return new RequestRefusedException(HttpStatus.PAYLOAD_TOO_LARGE, "A body has at most " + most + " bytes");
	}

	static RequestRefusedException tooSlow() {
		return new RequestRefusedException(HttpStatus.REQUEST_TIMEOUT, "The body took too long to arrive");
	}

}

package dev.realtime.spring.web;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

/**
 * The response as the container gave it, below the wrappers of the application's filters.
 * Such a wrapper may keep the body until the filters have returned, compress it, or know
 * nothing of writing without blocking, and its filter may write, flush or close when it
 * returns. An answer that is written after that takes the response over: it is written
 * past the wrappers, and what filters still do to the body has no effect. Headers that
 * they set are kept, except those that describe a body.
 */
final class ContainerResponse extends HttpServletResponseWrapper {

	private static final String ATTRIBUTE = ContainerResponse.class.getName();

	private static final Set<String> OF_THE_BODY = Set.of("content-encoding", "content-length", "content-type",
			"content-md5", "digest", "etag", "last-modified");

	private final HttpServletRequest request;

	private @Nullable DroppableOutput out;

	private @Nullable PrintWriter writer;

	private volatile boolean takenOver;

	/** Makes it known to the handler of the request. */
	ContainerResponse(HttpServletRequest request, HttpServletResponse response) {
		super(response);
		this.request = request;
		request.setAttribute(ATTRIBUTE, this);
	}

	/**
	 * Returns the response to which an answer is written when the request's own thread
	 * has left: the container's, if it is known and has not been written to the client.
	 * @param wrapped as the application's filters have it
	 */
	static HttpServletResponse takeOver(HttpServletRequest request, HttpServletResponse wrapped) {
		return (request.getAttribute(ATTRIBUTE) instanceof ContainerResponse known && !known.isCommitted())
				? known.takeOver() : wrapped;
	}

	/** Returns the request as the container gave it, if that is known. */
	static HttpServletRequest request(HttpServletRequest wrapped) {
		return (wrapped.getAttribute(ATTRIBUTE) instanceof ContainerResponse known) ? known.request : wrapped;
	}

	/** Whether the input is the container's own, and no filter's. */
	static boolean isContainers(HttpServletRequest wrapped, ServletInputStream in) throws IOException {
		try {
			return wrapped.getAttribute(ATTRIBUTE) instanceof ContainerResponse known
					&& known.request.getInputStream() == in;
		}
		catch (IllegalStateException ex) {
			// A filter has taken the reader.
			return false;
		}
	}

	private HttpServletResponse takeOver() {
		HttpServletResponse response = container();
		if (this.out != null || this.writer != null || OF_THE_BODY.stream().anyMatch(response::containsHeader)) {
			removeBody(response);
		}
		this.takenOver = true;
		return response;
	}

	/** A header cannot be removed alone. */
	private static void removeBody(HttpServletResponse response) {
		Map<String, List<String>> headers = new LinkedHashMap<>();
		response.getHeaderNames().forEach((name) -> headers.put(name, List.copyOf(response.getHeaders(name))));
		response.reset();
		headers.forEach((name, values) -> {
			if (!isOfTheBody(name)) {
				values.forEach((value) -> response.addHeader(name, value));
			}
		});
	}

	private static boolean isOfTheBody(String name) {
		return OF_THE_BODY.contains(name.toLowerCase(Locale.ROOT));
	}

	private HttpServletResponse container() {
		return (HttpServletResponse) getResponse();
	}

	@Override
	public ServletOutputStream getOutputStream() throws IOException {
		if (this.out == null) {
			this.out = new DroppableOutput(this.takenOver ? null : super.getOutputStream(), () -> this.takenOver);
		}
		return this.out;
	}

	@Override
	public PrintWriter getWriter() throws IOException {
		if (this.writer == null) {
			this.writer = this.takenOver ? new PrintWriter(new DroppableWriter(null, () -> true))
					: new PrintWriter(new DroppableWriter(super.getWriter(), () -> this.takenOver));
		}
		return this.writer;
	}

	@Override
	public void setHeader(String name, String value) {
		if (!this.takenOver || !isOfTheBody(name)) {
			super.setHeader(name, value);
		}
	}

	@Override
	public void addHeader(String name, String value) {
		if (!this.takenOver || !isOfTheBody(name)) {
			super.addHeader(name, value);
		}
	}

	@Override
	public void setIntHeader(String name, int value) {
		if (!this.takenOver || !isOfTheBody(name)) {
			super.setIntHeader(name, value);
		}
	}

	@Override
	public void setDateHeader(String name, long value) {
		if (!this.takenOver || !isOfTheBody(name)) {
			super.setDateHeader(name, value);
		}
	}

	@Override
	public void setContentLength(int length) {
		unlessTakenOver(() -> super.setContentLength(length));
	}

	@Override
	public void setContentLengthLong(long length) {
		unlessTakenOver(() -> super.setContentLengthLong(length));
	}

	@Override
	public void setContentType(String type) {
		unlessTakenOver(() -> super.setContentType(type));
	}

	@Override
	public void setCharacterEncoding(String charset) {
		unlessTakenOver(() -> super.setCharacterEncoding(charset));
	}

	@Override
	public void setBufferSize(int size) {
		unlessTakenOver(() -> super.setBufferSize(size));
	}

	@Override
	public void reset() {
		unlessTakenOver(super::reset);
	}

	@Override
	public void resetBuffer() {
		unlessTakenOver(super::resetBuffer);
	}

	@Override
	public void flushBuffer() throws IOException {
		if (!this.takenOver) {
			super.flushBuffer();
		}
	}

	@Override
	public void sendError(int status) throws IOException {
		if (!this.takenOver) {
			super.sendError(status);
		}
	}

	@Override
	public void sendError(int status, String message) throws IOException {
		if (!this.takenOver) {
			super.sendError(status, message);
		}
	}

	@Override
	public void sendRedirect(String location) throws IOException {
		if (!this.takenOver) {
			super.sendRedirect(location);
		}
	}

	private void unlessTakenOver(Runnable change) {
		if (!this.takenOver) {
			change.run();
		}
	}

}

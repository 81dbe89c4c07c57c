package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * One frame of a client, decoded. Its bytes are those of the piece in which it came, not
 * a copy: they are valid until the caller of the decoder reuses that piece.
 */
public final class StompFrame {

	private final StompCommand command;

	private final Map<String, List<String>> headers;

	private final int headerCount;

	private final byte[] bytes;

	private final int begin;

	private final int bodyBegin;

	/** Behind the NUL. */
	private final int end;

	StompFrame(FrameHead head, byte[] bytes, int begin, int bodyBegin, int end) {
		this.command = head.command();
		this.headers = head.headers();
		this.headerCount = head.count();
		this.bytes = bytes;
		this.begin = begin;
		this.bodyBegin = bodyBegin;
		this.end = end;
	}

	public StompCommand command() {
		return this.command;
	}

	/**
	 * Returns values by name, in the order of the frame, but only as many headers as the
	 * decoder keeps. The first value of a name counts (STOMP 1.2, "Repeated Header
	 * Entries").
	 */
	public Map<String, List<String>> headers() {
		return this.headers;
	}

	/** Returns the first value of a header, or null. */
	public @Nullable String header(String name) {
		List<String> values = this.headers.get(name);
		return (values != null) ? values.get(0) : null;
	}

	/** Returns how many headers the frame has, also those that were not kept. */
	public int headerCount() {
		return this.headerCount;
	}

	/** Returns a copy of the body. */
	public byte[] body() {
		return Arrays.copyOfRange(this.bytes, this.bodyBegin, this.end - 1);
	}

	/** Returns the number of bytes of the body. */
	public int bodySize() {
		return this.end - 1 - this.bodyBegin;
	}

	/** Returns the number of bytes from the command to the NUL. */
	public int size() {
		return this.end - this.begin;
	}

	/** Returns the bytes from the command to the NUL; not a copy. */
	public ByteBuffer bytes() {
		return ByteBuffer.wrap(this.bytes, this.begin, size());
	}

}

package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * Decodes what one client sends into frames, in whatever pieces it comes. Strict by the
 * grammar of STOMP 1.2.
 * <p>
 * The work is linear in the bytes, however many pieces they come in. A frame within one
 * piece is decoded in place and not copied. Of any other one, what has come is kept: at
 * most twice its bytes, and never more than the largest frame allowed and one piece.
 * Between frames no memory is held.
 * <p>
 * Not safe for several threads at once. After a {@link MalformedFrameException} it must
 * not be used any more.
 */
public final class StompDecoder {

	private static final int FIRST_BYTES = 256;

	private final int maxHeaders;

	private int maxFrameBytes;

	/** The command and headers of the frame that has begun; null between frames. */
	private @Nullable FrameHead head;

	/** What has come of a frame that is not within one piece; null otherwise. */
	private byte @Nullable [] kept;

	private int keptSize;

	// Offsets within the frame.

	/** The next byte to look at. */
	private int next;

	private int lineStart;

	/** Where the body begins; -1 while the headers have not ended. */
	private int bodyStart = -1;

	/**
	 * Makes a decoder.
	 * @param maxFrameBytes the most bytes of a frame, from its command to its NUL
	 * @param maxHeaders how many headers of a frame are kept; all are counted
	 */
	public StompDecoder(int maxFrameBytes, int maxHeaders) {
		this.maxFrameBytes = maxFrameBytes;
		this.maxHeaders = maxHeaders;
	}

	/** Sets the most bytes of a frame, from the next frame on. */
	public void setMaxFrameBytes(int maxFrameBytes) {
		this.maxFrameBytes = maxFrameBytes;
	}

	/** Returns how many bytes are held for a frame that is not whole. */
	public int heldBytes() {
		return this.keptSize;
	}

	/**
	 * Returns the next whole frame, or null once the piece is used up. What is left of it
	 * then belongs to a frame whose rest is still to come, and is kept.
	 * @param piece its position moves behind what was taken; its bytes must not change
	 * while the frame is used
	 * @throws MalformedFrameException if that is no frame of a client, or too large
	 */
	public @Nullable StompFrame next(ByteBuffer piece) {
		if (this.head == null && !begins(piece)) {
			return null;
		}
		return (this.kept != null) ? nextOfKept(piece, this.kept) : nextInPlace(piece);
	}

	/** Passes over the ends of lines between frames, which are heartbeats. */
	private boolean begins(ByteBuffer piece) {
		while (piece.hasRemaining()) {
			byte first = piece.get(piece.position());
			if (first != '\n' && first != '\r') {
				this.head = new FrameHead(this.maxHeaders);
				return true;
			}
			piece.get();
		}
		return false;
	}

	private @Nullable StompFrame nextInPlace(ByteBuffer piece) {
		if (!piece.hasArray()) {
			return nextOfKept(piece, new byte[FIRST_BYTES]);
		}
		int begin = piece.arrayOffset() + piece.position();
		StompFrame frame = decode(piece.array(), begin, piece.remaining());
		if (frame == null) {
			keep(new byte[FIRST_BYTES], piece, piece.remaining());
		}
		else {
			piece.position(piece.position() + frame.size());
		}
		return frame;
	}

	private @Nullable StompFrame nextOfKept(ByteBuffer piece, byte[] kept) {
		int before = this.keptSize;
		int begin = piece.position();
		byte[] bytes = keep(kept, piece, Math.min(piece.remaining(), this.maxFrameBytes + 1 - before));
		StompFrame frame = decode(bytes, 0, this.keptSize);
		if (frame != null) {
			piece.position(begin + frame.size() - before);
			this.kept = null;
			this.keptSize = 0;
		}
		return frame;
	}

	private byte[] keep(byte[] kept, ByteBuffer piece, int count) {
		int size = this.keptSize + count;
		byte[] bytes = (size <= kept.length) ? kept : Arrays.copyOf(kept, Math.max(size, kept.length * 2));
		piece.get(bytes, this.keptSize, count);
		this.kept = bytes;
		this.keptSize = size;
		return bytes;
	}

	/**
	 * Goes on with the frame.
	 * @param begin where it begins
	 * @param size how many bytes there are from its beginning on
	 * @return null if it is not whole
	 */
	private @Nullable StompFrame decode(byte[] bytes, int begin, int size) {
		FrameHead known = this.head;
		int most = Math.min(size, this.maxFrameBytes);
		if (known != null && (this.bodyStart >= 0 || endsHead(known, bytes, begin, most))
				&& endsBody(known, bytes, begin, most)) {
			StompFrame frame = new StompFrame(known, bytes, begin, begin + this.bodyStart, begin + this.next);
			this.head = null;
			this.next = 0;
			this.lineStart = 0;
			this.bodyStart = -1;
			return frame;
		}
		if (size > this.maxFrameBytes) {
			throw tooLarge(known);
		}
		return null;
	}

	private boolean endsHead(FrameHead known, byte[] bytes, int begin, int size) {
		for (int i = this.next; i < size; i++) {
			byte each = bytes[begin + i];
			if (each == '\n') {
				int end = (i > this.lineStart && bytes[begin + i - 1] == '\r') ? i - 1 : i;
				if (end == this.lineStart) {
					this.next = i + 1;
					beginBody(known);
					return true;
				}
				known.line(bytes, begin + this.lineStart, begin + end);
				this.lineStart = i + 1;
			}
			else if (each == 0) {
				throw known.malformed("The frame ends before its headers do: an empty line is missing");
			}
		}
		this.next = size;
		if (size > FrameHead.MAX_COMMAND + 1) {
			known.checkCommand(bytes, begin, size);
		}
		return false;
	}

	private void beginBody(FrameHead known) {
		this.bodyStart = this.next;
		if (known.contentLength() > 0 && !known.mayHaveBody()) {
			throw known.malformed("Only a SEND frame has a body");
		}
		if (known.contentLength() > this.maxFrameBytes - this.bodyStart - 1) {
			throw tooLarge(known);
		}
	}

	private boolean endsBody(FrameHead known, byte[] bytes, int begin, int size) {
		int end = (known.contentLength() >= 0) ? this.bodyStart + known.contentLength()
				: indexOfNul(bytes, begin, size);
		if (!known.mayHaveBody() && this.bodyStart < size && bytes[begin + this.bodyStart] != 0) {
			throw known.malformed("Only a SEND frame has a body");
		}
		if (end >= size) {
			this.next = size;
			return false;
		}
		if (bytes[begin + end] != 0) {
			throw known.malformed("The byte after the body is not NUL; content-length is the body's length in bytes");
		}
		this.next = end + 1;
		return true;
	}

	private int indexOfNul(byte[] bytes, int begin, int size) {
		int i = this.next;
		while (i < size && bytes[begin + i] != 0) {
			i++;
		}
		return i;
	}

	private MalformedFrameException tooLarge(@Nullable FrameHead known) {
		return new MalformedFrameException("The frame has more than " + this.maxFrameBytes + " bytes", true,
				(known != null) ? known.receipt() : null);
	}

}

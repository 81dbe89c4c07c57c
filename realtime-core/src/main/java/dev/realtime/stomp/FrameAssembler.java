package dev.realtime.stomp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Finds whole frames in what a client sends, in pieces of any size. Each byte is looked
 * at once and copied a bounded number of times, however small the pieces are; a frame
 * within one piece is not copied. Takes no memory between frames. Ends of lines between
 * frames, which are heartbeats, are dropped.
 * <p>
 * Checks commands, lengths and sizes; the rest of the grammar is checked by
 * {@link StompFrame#decode(ByteBuffer)}. For one connection, and one thread at a time.
 * After a {@link MalformedFrameException} it finds nothing more.
 */
public final class FrameAssembler {

	private static final byte[] NOTHING = {};

	private static final int FIRST_SIZE = 256;

	/** Longer lines are neither a command nor a content-length. */
	private static final int LINE_SIZE = 64;

	private static final String CONTENT_LENGTH = FrameReader.CONTENT_LENGTH + ':';

	/** The beginning of a frame whose rest has not come. */
	private byte[] kept = NOTHING;

	private int keptSize;

	private State state = State.BETWEEN;

	/** Bytes of the frame that were looked at. */
	private int size;

	/** Of the body, where its length is known: how many bytes are to come before NUL. */
	private long toCome;

	private final StringBuilder line = new StringBuilder();

	private int lineSize;

	private int lines;

	private boolean counted;

	private boolean mayHaveBody;

	/**
	 * Takes the next piece.
	 * @param piece read to its end, and not kept
	 * @param maxFrame the most bytes of a frame
	 * @param frames gets each frame that is whole now; its bytes are valid during the
	 * call
	 * @throws MalformedFrameException when a frame is larger than it may be, or cannot be
	 * right
	 */
	public void add(ByteBuffer piece, int maxFrame, Consumer<ByteBuffer> frames) {
		int begin = piece.position();
		try {
			while (piece.hasRemaining()) {
				if (this.state == State.BETWEEN) {
					begin = piece.position();
				}
				if (ends(piece, maxFrame)) {
					ByteBuffer frame = whole(piece, begin);
					reset();
					frames.accept(frame);
				}
			}
			if (this.state != State.BETWEEN && this.state != State.BROKEN) {
				keep(piece, begin);
			}
		}
		catch (MalformedFrameException ex) {
			reset();
			this.state = State.BROKEN;
			throw ex;
		}
	}

	/** Returns how many bytes are held for a frame that is not whole. */
	public int heldBytes() {
		return this.keptSize;
	}

	/** Looks at the next byte, or at several of a body; whether the frame ends there. */
	private boolean ends(ByteBuffer piece, int maxFrame) {
		switch (this.state) {
			case BETWEEN -> {
				byte first = piece.get(piece.position());
				if (first == '\n' || first == '\r') {
					piece.get();
				}
				else {
					this.state = State.HEAD;
				}
			}
			case HEAD -> {
				count(1, maxFrame);
				head(piece.get(), maxFrame);
			}
			case COUNTED -> {
				int some = (int) Math.min(this.toCome, piece.remaining());
				piece.position(piece.position() + some);
				this.toCome -= some;
				if (this.toCome == 0 && piece.hasRemaining()) {
					if (piece.get() != 0) {
						throw new MalformedFrameException(
								"The frame does not end with NUL where it should; content-length counts bytes");
					}
					return true;
				}
			}
			case SCANNED -> {
				count(1, maxFrame);
				if (piece.get() == 0) {
					return true;
				}
				checkBody();
			}
			case BROKEN -> piece.position(piece.limit());
		}
		return false;
	}

	private void head(byte next, int maxFrame) {
		if (next == 0) {
			throw new MalformedFrameException("The frame ends before its headers do: an empty line is missing");
		}
		if (next != '\n') {
			this.lineSize++;
			if (this.lineSize <= LINE_SIZE) {
				this.line.append((char) (next & 0xff));
			}
			return;
		}
		if (this.line.length() > 0 && this.line.charAt(this.line.length() - 1) == '\r') {
			this.line.setLength(this.line.length() - 1);
		}
		if (this.lines++ == 0) {
			this.mayHaveBody = FrameReader.command(this.line.toString()) == StompCommand.SEND;
		}
		else if (this.line.isEmpty()) {
			this.state = this.counted ? State.COUNTED : State.SCANNED;
			count(this.counted ? this.toCome + 1 : 0, maxFrame);
		}
		else if (!this.counted && this.line.indexOf(CONTENT_LENGTH) == 0) {
			this.counted = true;
			this.toCome = FrameReader.contentLength(this.line.substring(CONTENT_LENGTH.length()));
			if (this.toCome > 0) {
				checkBody();
			}
		}
		this.line.setLength(0);
		this.lineSize = 0;
	}

	/** So that nothing large is held for a client that is not even connected. */
	private void checkBody() {
		if (!this.mayHaveBody) {
			throw new MalformedFrameException("Only a SEND frame has a body");
		}
	}

	private void count(long bytes, int maxFrame) {
		if (this.size + bytes > maxFrame) {
			throw new MalformedFrameException("The frame has more than " + maxFrame + " bytes", true);
		}
		this.size += (int) bytes;
	}

	private ByteBuffer whole(ByteBuffer piece, int begin) {
		if (this.keptSize == 0) {
			return piece.duplicate().position(begin).limit(piece.position());
		}
		keep(piece, begin);
		return ByteBuffer.wrap(this.kept, 0, this.keptSize);
	}

	/** Keeps what was looked at since. */
	private void keep(ByteBuffer piece, int begin) {
		int more = piece.position() - begin;
		if (this.keptSize + more > this.kept.length) {
			this.kept = Arrays.copyOf(this.kept,
					Math.max(FIRST_SIZE, Math.max(this.keptSize + more, this.keptSize * 2)));
		}
		piece.duplicate().position(begin).get(this.kept, this.keptSize, more);
		this.keptSize += more;
	}

	private void reset() {
		this.kept = NOTHING;
		this.keptSize = 0;
		this.state = State.BETWEEN;
		this.size = 0;
		this.toCome = 0;
		this.line.setLength(0);
		this.lineSize = 0;
		this.lines = 0;
		this.counted = false;
	}

	private enum State {

		/** Before the first byte of a frame. */
		BETWEEN,

		/** In the command or the headers. */
		HEAD,

		/** In a body whose length is known. */
		COUNTED,

		/** In a body that ends with the first NUL. */
		SCANNED,

		/** Nothing more is found. */
		BROKEN

	}

}

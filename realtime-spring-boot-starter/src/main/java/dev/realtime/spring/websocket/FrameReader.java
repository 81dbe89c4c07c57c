package dev.realtime.spring.websocket;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.jspecify.annotations.Nullable;

/**
 * Reads a client's WebSocket frames (RFC 6455, section 5), however the bytes are cut into
 * pieces. Payload is handed on as it comes, so that a message of any length takes no
 * buffer, and nothing is kept for a connection that is silent. A compressed message (RFC
 * 7692) is handed on as a whole; what it comes as and what it becomes are bounded alike.
 * Time is linear in the bytes. Not safe for several threads at once.
 *
 * <pre>
 *  0               1               2               3
 *  0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 * +-+-+-+-+-------+-+-------------+-------------------------------+
 * |F|R|R|R| opcode|M| length (7)  | length (16, 64) if 126, 127   |
 * |I|S|S|S|  (4)  |A|             |                               |
 * |N|V|V|V|       |S|             | masking key (32) | payload … |
 * +-+-+-+-+-------+-+-------------+-------------------------------+
 * </pre>
 */
public final class FrameReader {

	private static final int CONTINUATION = 0;

	private static final int TEXT = 1;

	private static final int BINARY = 2;

	private static final int CLOSE = 8;

	private static final int PING = 9;

	private static final int PONG = 10;

	private static final int MOST_CONTROL = 125;

	private static final int RESERVED = 0x70;

	/** The bit RSV1 (RFC 7692, section 6). */
	private static final int COMPRESSED = 0x40;

	private static final byte[] EMPTY = {};

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final int PROTOCOL_ERROR = 1002;

	private static final int NOT_UTF8 = 1007;

	private static final int TOO_LARGE = 1009;

	private static final int NO_STATUS = 1005;

	private final int maxPayload;

	private final boolean inflates;

	/** Bytes of the header that must still come before the next step. */
	private Step step = Step.OPCODE;

	private boolean fin;

	private int opcode;

	/** Bytes of the length or the key that must still come. */
	private int missing;

	private long length;

	/** The least that a length of its size must be. */
	private int least;

	private int key;

	/** Bytes of the payload that came. */
	private long at;

	/** The opcode of the message that is under way; 0 for none. */
	private int message;

	/** Whether a piece of the message was handed on. */
	private boolean begun;

	/** Whether the message is compressed. */
	private boolean deflated;

	/** The beginning of a compressed message. */
	private @Nullable ByteArrayOutputStream gathered;

	private @Nullable Utf8 utf8;

	private byte @Nullable [] control;

	private boolean closed;

	/**
	 * Makes a reader.
	 * @param maxPayload most bytes of a frame's payload, and of a message that was
	 * compressed
	 * @param inflates whether the client may compress
	 */
	public FrameReader(int maxPayload, boolean inflates) {
		this.maxPayload = maxPayload;
		this.inflates = inflates;
	}

	/**
	 * Reads the bytes. All are read, unless the client may compress and the sink becomes
	 * full: then the rest must be read later.
	 * @param bytes in network order
	 * @throws WebSocketException if they are no frames; nothing must be read after that
	 */
	public void read(ByteBuffer bytes, FrameSink sink) throws WebSocketException {
		while (!this.closed && (bytes.hasRemaining() || this.step == Step.PAYLOAD_IS_EMPTY)) {
			if (this.inflates && this.step == Step.OPCODE && sink.isFull()) {
				return;
			}
			switch (this.step) {
				case OPCODE -> opcode(bytes.get() & 0xFF);
				case LENGTH -> length(bytes.get() & 0xFF);
				case MORE_LENGTH -> moreLength(bytes.get() & 0xFF);
				case KEY -> key(bytes);
				case PAYLOAD, PAYLOAD_IS_EMPTY -> payload(bytes, sink);
			}
		}
	}

	private void opcode(int first) throws WebSocketException {
		this.fin = (first & 0x80) != 0;
		this.opcode = first & 0x0F;
		boolean isControl = this.opcode >= CLOSE;
		boolean begins = !isControl && this.opcode != CONTINUATION;
		int reserved = first & RESERVED;
		check(reserved == 0 || (reserved == COMPRESSED && this.inflates && begins), "reserved bits are set");
		check(this.opcode <= BINARY || (isControl && this.opcode <= PONG), "unknown opcode");
		check(!isControl || this.fin, "a control frame is fragmented");
		if (!isControl) {
			check((this.opcode == CONTINUATION) == (this.message != 0), "a fragment is out of order");
			if (begins) {
				this.message = this.opcode;
				this.deflated = reserved != 0;
				this.begun = false;
				this.utf8 = null;
			}
		}
		this.step = Step.LENGTH;
	}

	private void length(int second) throws WebSocketException {
		check((second & 0x80) != 0, "a frame is not masked");
		this.length = second & 0x7F;
		check(this.opcode < CLOSE || this.length <= MOST_CONTROL, "a control frame is too long");
		this.missing = (this.length == 126) ? 2 : (this.length == 127) ? 8 : 0;
		if (this.missing > 0) {
			this.length = 0;
			this.least = (this.missing == 2) ? 126 : 0x10000;
			this.step = Step.MORE_LENGTH;
		}
		else {
			lengthIsKnown();
		}
	}

	private void moreLength(int next) throws WebSocketException {
		check(this.length >>> 55 == 0, "a length has its highest bit set");
		this.length = (this.length << 8) | next;
		if (--this.missing == 0) {
			check(this.length >= this.least, "a length takes more bytes than it needs");
			lengthIsKnown();
		}
	}

	private void lengthIsKnown() throws WebSocketException {
		if (this.length > this.maxPayload) {
			throw new WebSocketException(TOO_LARGE, "message too large");
		}
		this.key = 0;
		this.missing = 4;
		this.step = Step.KEY;
	}

	private void key(ByteBuffer bytes) {
		if (this.missing == 4 && bytes.remaining() >= 4) {
			this.key = bytes.getInt();
			this.missing = 0;
		}
		else {
			this.key = (this.key << 8) | (bytes.get() & 0xFF);
			this.missing--;
		}
		if (this.missing == 0) {
			this.at = 0;
			this.step = (this.length == 0) ? Step.PAYLOAD_IS_EMPTY : Step.PAYLOAD;
		}
	}

	private void payload(ByteBuffer bytes, FrameSink sink) throws WebSocketException {
		byte[] piece = unmasked(bytes);
		boolean ends = this.at == this.length;
		if (ends) {
			this.step = Step.OPCODE;
		}
		if (this.opcode >= CLOSE) {
			control(piece, ends, sink);
		}
		else if (this.deflated) {
			deflated(piece, ends && this.fin, sink);
		}
		else {
			data(piece, ends && this.fin, sink);
		}
	}

	private byte[] unmasked(ByteBuffer bytes) {
		int size = (int) Math.min(bytes.remaining(), this.length - this.at);
		if (size == 0) {
			return EMPTY;
		}
		byte[] piece = new byte[size];
		bytes.get(piece);
		int shifted = Integer.rotateLeft(this.key, (int) (this.at & 3) * 8);
		long twice = (long) shifted << 32 | (shifted & 0xFFFF_FFFFL);
		int i = 0;
		for (; i <= size - 8; i += 8) {
			LONGS.set(piece, i, (long) LONGS.get(piece, i) ^ twice);
		}
		for (; i < size; i++) {
			shifted = Integer.rotateLeft(shifted, 8);
			piece[i] ^= (byte) shifted;
		}
		this.at += size;
		return piece;
	}

	private void deflated(byte[] piece, boolean last, FrameSink sink) throws WebSocketException {
		ByteArrayOutputStream before = this.gathered;
		if (before == null && last) {
			data(Inflation.inflate(piece, this.maxPayload), true, sink);
			return;
		}
		if (before == null) {
			before = new ByteArrayOutputStream(piece.length);
			this.gathered = before;
		}
		if (piece.length > this.maxPayload - before.size()) {
			throw new WebSocketException(TOO_LARGE, "message too large");
		}
		before.writeBytes(piece);
		if (last) {
			this.gathered = null;
			data(Inflation.inflate(before.toByteArray(), this.maxPayload), true, sink);
		}
	}

	private void data(byte[] piece, boolean last, FrameSink sink) throws WebSocketException {
		boolean text = this.message == TEXT;
		if (text) {
			Utf8 known = this.utf8;
			if (known == null) {
				known = new Utf8();
				this.utf8 = known;
			}
			if (!known.accepts(piece, 0, piece.length) || (last && !known.isWhole())) {
				throw new WebSocketException(NOT_UTF8, "not UTF-8");
			}
		}
		if (piece.length > 0 || (last && this.begun)) {
			boolean first = !this.begun;
			this.begun = true;
			sink.data(piece, text, first, last);
		}
		if (last) {
			this.message = 0;
			this.utf8 = null;
		}
	}

	private void control(byte[] piece, boolean ends, FrameSink sink) throws WebSocketException {
		byte[] whole = joined(this.control, piece);
		if (!ends) {
			this.control = whole;
			return;
		}
		this.control = null;
		switch (this.opcode) {
			case PING -> sink.ping(whole);
			case PONG -> sink.pong();
			default -> {
				this.closed = true;
				sink.close(code(whole));
			}
		}
	}

	private static int code(byte[] payload) throws WebSocketException {
		if (payload.length == 0) {
			return NO_STATUS;
		}
		check(payload.length >= 2, "a close frame has half a code");
		Utf8 reason = new Utf8();
		if (!reason.accepts(payload, 2, payload.length) || !reason.isWhole()) {
			throw new WebSocketException(NOT_UTF8, "not UTF-8");
		}
		int code = (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
		// RFC 6455, section 7.4, and the registry that it has begun.
		check((code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code < 5000),
				"a close code that must not be sent");
		return code;
	}

	private static byte[] joined(byte @Nullable [] before, byte[] piece) {
		if (before == null) {
			return piece;
		}
		byte[] whole = java.util.Arrays.copyOf(before, before.length + piece.length);
		System.arraycopy(piece, 0, whole, before.length, piece.length);
		return whole;
	}

	private static void check(boolean holds, String otherwise) throws WebSocketException {
		if (!holds) {
			throw new WebSocketException(PROTOCOL_ERROR, otherwise);
		}
	}

	private enum Step {

		OPCODE, LENGTH, MORE_LENGTH, KEY, PAYLOAD, PAYLOAD_IS_EMPTY

	}

}

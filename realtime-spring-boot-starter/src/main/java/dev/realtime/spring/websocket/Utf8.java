package dev.realtime.spring.websocket;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Checks that bytes are UTF-8 (RFC 3629), which may come in any pieces. One for each
 * message; not safe for several threads.
 */
final class Utf8 {

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	/** The bits that no byte of an ASCII text has. */
	private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

	/** Continuation bytes that must still come. */
	private int expected;

	/** Bounds of the next continuation byte. */
	private int least = 0x80;

	private int most = 0xBF;

	/** Takes some bytes; false if no text can begin with what came. */
	boolean accepts(byte[] bytes, int from, int to) {
		int at = from;
		while (at < to) {
			if (this.expected == 0) {
				at = afterAscii(bytes, at, to);
				if (at == to) {
					return true;
				}
			}
			int next = bytes[at++] & 0xFF;
			if (this.expected > 0) {
				if (next < this.least || next > this.most) {
					return false;
				}
				this.expected--;
				this.least = 0x80;
				this.most = 0xBF;
			}
			else if (next >= 0x80 && !begins(next)) {
				return false;
			}
		}
		return true;
	}

	/** Most texts are ASCII: eight bytes at a time. */
	private static int afterAscii(byte[] bytes, int from, int to) {
		int at = from;
		while (at <= to - 8 && ((long) LONGS.get(bytes, at) & NOT_ASCII) == 0) {
			at += 8;
		}
		while (at < to && bytes[at] >= 0) {
			at++;
		}
		return at;
	}

	/** Whether the text does not end within a character. */
	boolean isWhole() {
		return this.expected == 0;
	}

	/** Neither overlong forms, nor surrogates, nor what is above U+10FFFF. */
	private boolean begins(int lead) {
		if (lead < 0xC2 || lead > 0xF4) {
			return false;
		}
		this.expected = (lead < 0xE0) ? 1 : (lead < 0xF0) ? 2 : 3;
		switch (lead) {
			case 0xE0 -> this.least = 0xA0;
			case 0xED -> this.most = 0x9F;
			case 0xF0 -> this.least = 0x90;
			case 0xF4 -> this.most = 0x8F;
			default -> {
			}
		}
		return true;
	}

}

package dev.realtime.spring.websocket;

/**
 * Checks that bytes are UTF-8 (RFC 3629), which may come in any pieces. One for each
 * message; not safe for several threads.
 */
final class Utf8 {

	/** Continuation bytes that must still come. */
	private int expected;

	/** Bounds of the next continuation byte. */
	private int least = 0x80;

	private int most = 0xBF;

	/** Takes some bytes; false if no text can begin with what came. */
	boolean accepts(byte[] bytes, int from, int to) {
		for (int i = from; i < to; i++) {
			int next = bytes[i] & 0xFF;
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

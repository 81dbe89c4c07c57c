package dev.realtime.partition;

/**
 * CRC16 as Redis Cluster uses it for slots: polynomial 1021 (hexadecimal), initial value
 * 0, nothing reflected; known as XMODEM. Its check value, that of {@code 123456789}, is
 * 31C3.
 */
final class Crc16 {

	private static final int POLYNOMIAL = 0x1021;

	private static final int[] TABLE = table();

	private Crc16() {
	}

	/** Returns the checksum of what came before and one more byte. */
	static int next(int crc, int unsignedByte) {
		return ((crc << 8) & 0xFFFF) ^ TABLE[((crc >>> 8) ^ unsignedByte) & 0xFF];
	}

	/** Returns the checksum of the text's UTF-8 bytes from an index on. */
	static int of(String text, int from) {
		int crc = 0;
		int i = from;
		while (i < text.length()) {
			int point = text.codePointAt(i);
			i += Character.charCount(point);
			if (point < 0x80) {
				crc = next(crc, point);
			}
			else if (point < 0x800) {
				crc = last(next(crc, 0xC0 | point >>> 6), point);
			}
			else if (point < 0x10000) {
				crc = last(last(next(crc, 0xE0 | point >>> 12), point >>> 6), point);
			}
			else {
				crc = last(last(last(next(crc, 0xF0 | point >>> 18), point >>> 12), point >>> 6), point);
			}
		}
		return crc;
	}

	private static int last(int crc, int bits) {
		return next(crc, 0x80 | (bits & 0x3F));
	}

	private static int[] table() {
		int[] table = new int[256];
		for (int i = 0; i < table.length; i++) {
			int crc = i << 8;
			for (int bit = 0; bit < 8; bit++) {
				crc = ((crc & 0x8000) != 0) ? (crc << 1) ^ POLYNOMIAL : crc << 1;
			}
			table[i] = crc & 0xFFFF;
		}
		return table;
	}

}

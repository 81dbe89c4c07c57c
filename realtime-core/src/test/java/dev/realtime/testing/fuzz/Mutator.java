package dev.realtime.testing.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes inputs; the same seed changes the same inputs alike. */
final class Mutator {

	private static final int MOST_CHANGES = 6;

	private static final int[] ODD_BYTES = { 0, 1, '\t', '\n', '\r', ' ', '"', '%', ',', '-', '.', '/', '0', ':', ';',
			'=', '\\', 0x7E, 0x7F, 0x80, 0xBF, 0xC0, 0xC3, 0xE2, 0xED, 0xF0, 0xFE, 0xFF };

	private static final List<String> ODD_NUMBERS = List.of("0", "-1", "1", "00", "127", "255", "256", "65535", "65536",
			"2147483647", "2147483648", "4294967295", "9223372036854775807", "9223372036854775808",
			"99999999999999999999999", "1e9", "0x10", "+1");

	private final Random random;

	private final List<byte[]> words;

	private final int maxLength;

	Mutator(Random random, List<String> words, int maxLength) {
		this.random = random;
		this.words = words.stream().map((word) -> word.getBytes(StandardCharsets.UTF_8)).toList();
		this.maxLength = maxLength;
	}

	/**
	 * Returns an input that is like the first one and may have parts of the second one.
	 */
	byte[] change(byte[] input, byte[] other) {
		byte[] changed = input;
		int changes = 1 + this.random.nextInt(MOST_CHANGES);
		for (int i = 0; i < changes; i++) {
			changed = changeOnce(changed, other);
		}
		return (changed.length > this.maxLength) ? Arrays.copyOf(changed, this.maxLength) : changed;
	}

	private byte[] changeOnce(byte[] input, byte[] other) {
		int from = this.random.nextInt(input.length + 1);
		int to = from + this.random.nextInt(Math.min(input.length - from, 64) + 1);
		return switch (this.random.nextInt(11)) {
			case 0 -> flipped(input);
			case 1 -> replaced(input, from, Math.min(from + 1, input.length), odd());
			case 2 -> replaced(input, from, from, odd());
			case 3 -> replaced(input, from, to, new byte[0]);
			case 4 -> replaced(input, from, from, Arrays.copyOfRange(input, from, to));
			case 5 -> replaced(input, from, from, word());
			case 6 -> replaced(input, from, to, word());
			case 7 -> replaced(input, from, to, part(other));
			case 8 -> number(input, from);
			case 9 -> replaced(input, from, from, repeated(Arrays.copyOfRange(input, from, to)));
			default -> replaced(input, from, to, noise());
		};
	}

	private byte[] flipped(byte[] input) {
		if (input.length == 0) {
			return odd();
		}
		byte[] flipped = input.clone();
		flipped[this.random.nextInt(flipped.length)] ^= (byte) (1 << this.random.nextInt(8));
		return flipped;
	}

	private byte[] odd() {
		return new byte[] { (byte) ODD_BYTES[this.random.nextInt(ODD_BYTES.length)] };
	}

	private byte[] word() {
		return this.words.isEmpty() ? noise() : this.words.get(this.random.nextInt(this.words.size()));
	}

	private byte[] noise() {
		byte[] noise = new byte[1 + this.random.nextInt(8)];
		this.random.nextBytes(noise);
		return noise;
	}

	private byte[] part(byte[] other) {
		int from = this.random.nextInt(other.length + 1);
		return Arrays.copyOfRange(other, from, from + this.random.nextInt(other.length - from + 1));
	}

	/** Long inputs find what is not linear. */
	private byte[] repeated(byte[] part) {
		int most = this.maxLength / Math.max(1, part.length);
		int times = (this.random.nextInt(8) == 0) ? most : 1 + this.random.nextInt(8);
		ByteArrayOutputStream repeated = new ByteArrayOutputStream();
		for (int i = 0; i < Math.min(times, most); i++) {
			repeated.writeBytes(part);
		}
		return repeated.toByteArray();
	}

	/** Replaces the next number by another one. */
	private byte[] number(byte[] input, int from) {
		int begin = from;
		while (begin < input.length && !isDigit(input[begin])) {
			begin++;
		}
		int end = begin;
		while (end < input.length && isDigit(input[end])) {
			end++;
		}
		String number = ODD_NUMBERS.get(this.random.nextInt(ODD_NUMBERS.size()));
		return replaced(input, begin, end, number.getBytes(StandardCharsets.US_ASCII));
	}

	private static boolean isDigit(byte each) {
		return each >= '0' && each <= '9';
	}

	private static byte[] replaced(byte[] input, int from, int to, byte[] part) {
		ByteArrayOutputStream replaced = new ByteArrayOutputStream(input.length + part.length);
		replaced.write(input, 0, from);
		replaced.writeBytes(part);
		replaced.write(input, to, input.length - to);
		return replaced.toByteArray();
	}

}

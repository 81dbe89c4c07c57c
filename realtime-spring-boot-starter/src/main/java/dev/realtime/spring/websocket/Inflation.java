package dev.realtime.spring.websocket;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses a message (RFC 7692, section 7.2.2). However small it came, it may not
 * become larger than a bound, and not much more memory than that is ever taken for it.
 * Inflaters are shared, whatever the number of connections: threads that read may be
 * virtual ones, which live for one read.
 */
final class Inflation {

	/** What the sender left out. */
	private static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };

	private static final int FIRST_SIZE = 1_024;

	private static final int NOT_UTF8 = 1007;

	private static final int TOO_LARGE = 1009;

	private static final Queue<Inflater> SPARE = new ArrayBlockingQueue<>(16);

	private Inflation() {
	}

	/**
	 * Decompresses a message.
	 * @param maxSize most bytes that it may have then
	 * @throws WebSocketException if it is larger, or is not compressed
	 */
	static byte[] inflate(byte[] compressed, int maxSize) throws WebSocketException {
		Inflater spare = SPARE.poll();
		Inflater inflater = (spare != null) ? spare : new Inflater(true);
		try {
			inflater.setInput(compressed);
			byte[] message = append(inflater, new byte[Math.min(FIRST_SIZE, maxSize)], 0, maxSize);
			inflater.setInput(TAIL);
			int known = (int) inflater.getBytesWritten();
			message = append(inflater, message, known, maxSize);
			return Arrays.copyOf(message, (int) inflater.getBytesWritten());
		}
		catch (DataFormatException ex) {
			throw new WebSocketException(NOT_UTF8, "not deflated");
		}
		finally {
			inflater.reset();
			if (!SPARE.offer(inflater)) {
				inflater.end();
			}
		}
	}

	/**
	 * Appends what the input becomes.
	 * @return the message, which may have more room than it needs
	 */
	private static byte[] append(Inflater inflater, byte[] message, int size, int maxSize)
			throws DataFormatException, WebSocketException {
		byte[] into = message;
		int end = size;
		while (!inflater.finished()) {
			if (end == into.length && end < maxSize) {
				into = Arrays.copyOf(into, (int) Math.min(2L * end, maxSize));
			}
			boolean full = end == into.length;
			int read = full ? inflater.inflate(new byte[1]) : inflater.inflate(into, end, into.length - end);
			if (inflater.needsDictionary()) {
				throw new DataFormatException("a dictionary is required");
			}
			if (full && read > 0) {
				throw new WebSocketException(TOO_LARGE, "message too large");
			}
			if (read == 0) {
				return into;
			}
			end += read;
		}
		return into;
	}

}

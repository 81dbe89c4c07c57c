package dev.realtime.spring.websocket;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.zip.Deflater;

import dev.realtime.delivery.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Compresses a message as RFC 7692, section 7.2.1, says: one raw deflate stream that ends
 * with a sync flush, without the flush's last four bytes {@code 00 00 FF FF}. Deflaters
 * are shared, whatever the number of connections.
 */
final class Deflation {

	/** What is smaller gains too little for the time it takes. */
	private static final int SMALLEST = 128;

	private static final int TAIL = 4;

	/** Of a sync flush, and of blocks that do not become smaller. */
	private static final int OVERHEAD = 64;

	private static final Queue<Deflater> SPARE = new ArrayBlockingQueue<>(16);

	private Deflation() {
	}

	static boolean isWorthwhile(Frame frame) {
		return frame.size() >= SMALLEST;
	}

	/**
	 * Compresses a message.
	 * @return the compressed message, or null if it would not become smaller
	 */
	static @Nullable ByteBuffer deflate(byte[] message) {
		Deflater spare = SPARE.poll();
		Deflater deflater = (spare != null) ? spare : new Deflater(Deflater.DEFAULT_COMPRESSION, true);
		try {
			deflater.setInput(message);
			byte[] output = new byte[message.length + OVERHEAD];
			int size = deflater.deflate(output, 0, output.length, Deflater.SYNC_FLUSH);
			return (size < output.length && size - TAIL < message.length) ? ByteBuffer.wrap(output, 0, size - TAIL)
					: null;
		}
		finally {
			deflater.reset();
			if (!SPARE.offer(deflater)) {
				deflater.end();
			}
		}
	}

}

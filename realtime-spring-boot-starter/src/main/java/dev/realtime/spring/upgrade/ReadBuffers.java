package dev.realtime.spring.upgrade;

import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Buffers to read into, shared by all sockets. They do not belong to threads, because the
 * container's may be virtual ones, which live for one read.
 */
final class ReadBuffers {

	/** More than a record of TLS, which Jetty then decrypts without another buffer. */
	private static final int BYTES = 17 * 1_024;

	private static final Queue<ByteBuffer> FREE = new ArrayBlockingQueue<>(64);

	private ReadBuffers() {
	}

	static ByteBuffer take() {
		ByteBuffer free = FREE.poll();
		return (free != null) ? free : ByteBuffer.allocate(BYTES);
	}

	static void giveBack(ByteBuffer buffer) {
		boolean unused = FREE.offer(buffer);
	}

}

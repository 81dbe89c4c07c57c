package dev.realtime.spring.netty;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

import dev.realtime.hub.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Compresses a message as RFC 7692, section 7.2.1, says: one raw deflate stream that ends
 * with a sync flush, without the flush's last four bytes {@code 00 00 FF FF}. One
 * deflater for each event loop, whatever the number of connections.
 */
final class Deflation {

	/** What is smaller gains too little for the time it takes. */
	private static final int SMALLEST = 128;

	private static final int TAIL = 4;

	/** Of a sync flush, and of blocks that do not become smaller. */
	private static final int OVERHEAD = 64;

	private static final FastThreadLocal<Deflater> DEFLATERS = new FastThreadLocal<>() {

		@Override
		protected Deflater initialValue() {
			return new Deflater(Deflater.DEFAULT_COMPRESSION, true);
		}

		@Override
		protected void onRemoval(Deflater deflater) {
			deflater.end();
		}

	};

	private Deflation() {
	}

	static boolean isWorthwhile(Frame frame) {
		return frame.size() >= SMALLEST;
	}

	/**
	 * Appends the compressed message.
	 * @return false if it would not become smaller; then nothing was appended
	 */
	static boolean append(byte[] message, ByteBuf to) {
		Deflater deflater = DEFLATERS.get();
		try {
			deflater.setInput(message);
			int room = message.length + OVERHEAD;
			to.ensureWritable(room);
			ByteBuffer output = to.nioBuffer(to.writerIndex(), room);
			int size = deflater.deflate(output, Deflater.SYNC_FLUSH) - TAIL;
			if (!output.hasRemaining() || size >= message.length) {
				return false;
			}
			to.writerIndex(to.writerIndex() + size);
			return true;
		}
		finally {
			deflater.reset();
		}
	}

}

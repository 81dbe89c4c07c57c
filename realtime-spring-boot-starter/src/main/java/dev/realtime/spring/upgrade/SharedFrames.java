package dev.realtime.spring.upgrade;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;
import dev.realtime.spring.websocket.FrameWriter;
import org.jspecify.annotations.Nullable;

/**
 * A batch as WebSocket frames in memory that a socket takes without another copy: one
 * form for clients that decompress and one for the others, each made when the first of
 * them asks. All connections of the shard that get the batch write it from here, one
 * after the other. On the shard.
 */
final class SharedFrames implements Batch.Encoding {

	/** Larger ones are made for one batch. */
	private static final int BUFFER_BYTES = 128 * 1_024;

	/** Buffers that a shard keeps. */
	private static final int KEPT = 8;

	private static final ThreadLocal<ArrayDeque<ByteBuffer>> FREE = ThreadLocal.withInitial(ArrayDeque::new);

	private final List<Frame> frames;

	private @Nullable ByteBuffer plain;

	private @Nullable ByteBuffer compressed;

	SharedFrames(Batch batch) {
		this.frames = batch.frames();
	}

	/**
	 * Returns the bytes from their beginning, until the next call.
	 * @param compress whether the client decompresses
	 */
	ByteBuffer bytes(boolean compress) {
		if (!compress || !FrameWriter.gain(this.frames)) {
			this.plain = (this.plain != null) ? this.plain : written(false);
			return this.plain.rewind();
		}
		this.compressed = (this.compressed != null) ? this.compressed : written(true);
		return this.compressed.rewind();
	}

	private ByteBuffer written(boolean compress) {
		int most = FrameWriter.most(this.frames);
		ByteBuffer free = (most <= BUFFER_BYTES) ? FREE.get().poll() : null;
		ByteBuffer bytes = (free != null) ? free.clear() : ByteBuffer.allocateDirect(Math.max(most, BUFFER_BYTES));
		FrameWriter.write(this.frames, compress, bytes);
		return bytes.flip();
	}

	@Override
	public void release() {
		release(this.plain);
		release(this.compressed);
	}

	private static void release(@Nullable ByteBuffer bytes) {
		ArrayDeque<ByteBuffer> free = FREE.get();
		if (bytes != null && bytes.capacity() == BUFFER_BYTES && free.size() < KEPT) {
			free.push(bytes);
		}
	}

}

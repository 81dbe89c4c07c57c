package dev.realtime.spring.upgrade;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

import dev.realtime.hub.Batch;
import dev.realtime.spring.websocket.FrameWriter;

/**
 * A batch as WebSocket frames in memory that a socket takes without another copy. All
 * connections of the shard that get the batch write it from here, one after the other. On
 * the shard.
 */
final class SharedFrames implements Batch.Encoding {

	/** Larger ones are made for one batch. */
	private static final int BUFFER_BYTES = 128 * 1_024;

	/** Buffers that a shard keeps. */
	private static final int KEPT = 8;

	private static final ThreadLocal<ArrayDeque<ByteBuffer>> FREE = ThreadLocal.withInitial(ArrayDeque::new);

	private final ByteBuffer bytes;

	private SharedFrames(ByteBuffer bytes) {
		this.bytes = bytes;
	}

	static SharedFrames of(Batch batch) {
		int most = FrameWriter.most(batch.frames());
		ByteBuffer free = (most <= BUFFER_BYTES) ? FREE.get().poll() : null;
		ByteBuffer bytes = (free != null) ? free.clear() : ByteBuffer.allocateDirect(Math.max(most, BUFFER_BYTES));
		FrameWriter.write(batch.frames(), bytes);
		return new SharedFrames(bytes.flip());
	}

	/** Returns the bytes from their beginning, until the next call. */
	ByteBuffer bytes() {
		return this.bytes.rewind();
	}

	@Override
	public void release() {
		ArrayDeque<ByteBuffer> free = FREE.get();
		if (this.bytes.capacity() == BUFFER_BYTES && free.size() < KEPT) {
			free.push(this.bytes);
		}
	}

}

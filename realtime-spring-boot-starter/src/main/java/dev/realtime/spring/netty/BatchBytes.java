package dev.realtime.spring.netty;

import java.nio.ByteBuffer;
import java.util.List;

import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;
import dev.realtime.spring.websocket.FrameWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A batch as bytes, which all connections that get it share: one form for those that
 * compress and one for those that do not, each made when the first of them asks. On the
 * shard.
 */
final class BatchBytes implements Batch.Encoding {

	private final List<Frame> frames;

	private final ByteBufAllocator allocator;

	private @Nullable ByteBuf plain;

	private @Nullable ByteBuf compressed;

	BatchBytes(Batch batch, ByteBufAllocator allocator) {
		this.frames = batch.frames();
		this.allocator = allocator;
	}

	/** The same bytes for one more writer, which releases them. */
	ByteBuf share(boolean compress) {
		return bytes(compress).retainedDuplicate();
	}

	/** The bytes, until {@link #release}. */
	ByteBuf bytes(boolean compress) {
		return compress ? compressed() : plain();
	}

	@Override
	public void release() {
		if (this.plain != null) {
			this.plain.release();
		}
		if (this.compressed != null) {
			this.compressed.release();
		}
	}

	private ByteBuf plain() {
		ByteBuf known = this.plain;
		if (known == null) {
			known = written(false);
			this.plain = known;
		}
		return known;
	}

	private ByteBuf compressed() {
		ByteBuf known = this.compressed;
		if (known == null) {
			known = FrameWriter.gain(this.frames) ? written(true) : plain().retain();
			this.compressed = known;
		}
		return known;
	}

	private ByteBuf written(boolean compress) {
		int most = FrameWriter.most(this.frames);
		ByteBuf bytes = this.allocator.directBuffer(most);
		ByteBuffer to = bytes.nioBuffer(0, most);
		FrameWriter.write(this.frames, compress, to);
		return bytes.writerIndex(to.position());
	}

}

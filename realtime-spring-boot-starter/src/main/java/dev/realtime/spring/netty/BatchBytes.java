package dev.realtime.spring.netty;

import dev.realtime.hub.Batch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A batch as bytes, which all connections that get it share: one form for those that
 * compress and one for those that do not, each made when the first of them asks. On the
 * shard.
 */
final class BatchBytes implements Batch.Encoding {

	private final Batch batch;

	private final ByteBufAllocator allocator;

	private @Nullable ByteBuf plain;

	private @Nullable ByteBuf compressed;

	BatchBytes(Batch batch, ByteBufAllocator allocator) {
		this.batch = batch;
		this.allocator = allocator;
	}

	/** The same bytes for one more writer, which releases them. */
	ByteBuf share(boolean compress) {
		return (compress ? compressed() : plain()).retainedDuplicate();
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
			known = WebSocketBytes.plain(this.batch, this.allocator);
			this.plain = known;
		}
		return known;
	}

	private ByteBuf compressed() {
		ByteBuf known = this.compressed;
		if (known == null) {
			boolean gains = this.batch.frames().stream().anyMatch(Deflation::isWorthwhile);
			known = gains ? WebSocketBytes.compressed(this.batch, this.allocator) : plain().retain();
			this.compressed = known;
		}
		return known;
	}

}

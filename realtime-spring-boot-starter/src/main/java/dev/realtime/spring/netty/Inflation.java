package dev.realtime.spring.netty;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Decompresses a message (RFC 7692, section 7.2.2). However small it came, it may not
 * become larger than a bound, and no more memory than that is ever taken for it. One
 * inflater for each event loop, whatever the number of connections.
 */
final class Inflation {

	/** What the sender left out. */
	private static final byte[] TAIL = { 0, 0, (byte) 0xFF, (byte) 0xFF };

	private static final int FIRST_SIZE = 1_024;

	private static final FastThreadLocal<Inflater> INFLATERS = new FastThreadLocal<>() {

		@Override
		protected Inflater initialValue() {
			return new Inflater(true);
		}

		@Override
		protected void onRemoval(Inflater inflater) {
			inflater.end();
		}

	};

	private Inflation() {
	}

	/** The message, which the caller releases. */
	static ByteBuf inflate(ByteBuf compressed, int maxSize, ByteBufAllocator allocator) {
		Inflater inflater = INFLATERS.get();
		ByteBuf message = allocator.heapBuffer(Math.min(FIRST_SIZE, maxSize), maxSize);
		try {
			inflater.setInput(compressed.nioBuffer());
			append(inflater, message);
			inflater.setInput(ByteBuffer.wrap(TAIL));
			append(inflater, message);
			return message.retain();
		}
		catch (DataFormatException ex) {
			throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.INVALID_PAYLOAD_DATA,
					"A message cannot be decompressed", ex);
		}
		finally {
			inflater.reset();
			message.release();
		}
	}

	private static void append(Inflater inflater, ByteBuf message) throws DataFormatException {
		byte[] beyond = new byte[1];
		while (!inflater.finished()) {
			int read;
			if (message.isWritable() || message.capacity() < message.maxCapacity()) {
				message.ensureWritable(Math.min(FIRST_SIZE, message.maxWritableBytes()));
				read = inflater.inflate(message.nioBuffer(message.writerIndex(), message.writableBytes()));
				message.writerIndex(message.writerIndex() + read);
			}
			else if (inflater.inflate(beyond) > 0) {
				throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.MESSAGE_TOO_BIG,
						"A message is larger than allowed when decompressed");
			}
			else {
				return;
			}
			if (inflater.needsDictionary()) {
				throw new DataFormatException("a dictionary is wanted");
			}
			if (read == 0) {
				return;
			}
		}
	}

}

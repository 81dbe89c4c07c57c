package dev.realtime.spring.netty;

import dev.realtime.hub.Batch;
import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;

/**
 * WebSocket frames (RFC 6455, section 5.2) as a server sends them: never masked, never
 * fragmented. Each STOMP frame is a WebSocket message of its own.
 *
 * <pre>
 * 0x81 | length &lt; 126           | payload      text
 * 0x82 | 126 | length, 2 bytes  | payload      binary
 * 0x88 | 127 | length, 8 bytes  | payload      close, 0x89 ping, 0x8A pong
 * 0xC1 | …                                     compressed text, 0xC2 binary
 * </pre>
 */
final class WebSocketBytes {

	/** The bit RSV1 (RFC 7692, section 6). */
	private static final int COMPRESSED = 0x40;

	private static final int TEXT = 0x81;

	private static final int BINARY = 0x82;

	private static final int CLOSE = 0x88;

	private static final int PING = 0x89;

	private static final int PONG = 0x8A;

	private static final int LARGEST_HEADER = 10;

	private WebSocketBytes() {
	}

	/** A batch as it is. */
	static ByteBuf plain(Batch batch, ByteBufAllocator allocator) {
		ByteBuf bytes = allocator.directBuffer(batch.size() + LARGEST_HEADER * batch.frames().size());
		batch.frames().forEach((frame) -> plain(bytes, frame));
		return bytes;
	}

	/** A batch for clients that decompress; frames that gain nothing stay as they are. */
	static ByteBuf compressed(Batch batch, ByteBufAllocator allocator) {
		ByteBuf bytes = allocator.directBuffer(batch.size() / 2 + LARGEST_HEADER * batch.frames().size());
		ByteBuf message = allocator.heapBuffer();
		try {
			for (Frame frame : batch.frames()) {
				message.clear();
				if (Deflation.isWorthwhile(frame) && Deflation.append(frame.bytes(), message)) {
					header(bytes, COMPRESSED | (frame.isText() ? TEXT : BINARY), message.readableBytes());
					bytes.writeBytes(message);
				}
				else {
					plain(bytes, frame);
				}
			}
			return bytes;
		}
		finally {
			message.release();
		}
	}

	private static void plain(ByteBuf bytes, Frame frame) {
		header(bytes, frame.isText() ? TEXT : BINARY, frame.size());
		bytes.writeBytes(frame.bytes());
	}

	static ByteBuf close(CloseReason reason, ByteBufAllocator allocator) {
		ByteBuf bytes = allocator.buffer(128);
		int reasonBytes = ByteBufUtil.utf8Bytes(reason.text());
		header(bytes, CLOSE, 2 + reasonBytes);
		bytes.writeShort(reason.code());
		ByteBufUtil.writeUtf8(bytes, reason.text());
		return bytes;
	}

	/** A ping; its payload has at most 125 bytes. */
	static ByteBuf ping(ByteBuf payload, ByteBufAllocator allocator) {
		return control(PING, payload, allocator);
	}

	/** Answers a ping; its payload has at most 125 bytes. */
	static ByteBuf pong(ByteBuf payload, ByteBufAllocator allocator) {
		return control(PONG, payload, allocator);
	}

	private static ByteBuf control(int opcode, ByteBuf payload, ByteBufAllocator allocator) {
		ByteBuf bytes = allocator.buffer(2 + payload.readableBytes());
		header(bytes, opcode, payload.readableBytes());
		return bytes.writeBytes(payload, payload.readerIndex(), payload.readableBytes());
	}

	private static void header(ByteBuf bytes, int opcode, int length) {
		bytes.writeByte(opcode);
		if (length < 126) {
			bytes.writeByte(length);
		}
		else if (length <= 0xFFFF) {
			bytes.writeByte(126).writeShort(length);
		}
		else {
			bytes.writeByte(127).writeLong(length);
		}
	}

}

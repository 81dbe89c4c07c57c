package dev.realtime.bench.journey;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;

/**
 * A batch as WebSocket frames in one buffer that all its connections share, as the
 * transports of the starter make it, and the numbers of its messages.
 */
final class BatchBytes implements Batch.Encoding {

	private static final int HEADER_BYTES = 4;

	private static final String SEQ = "\nseq:";

	private final ByteBuffer bytes;

	private final long[] numbers;

	BatchBytes(Batch batch) {
		List<Frame> frames = batch.frames();
		ByteBuffer all = ByteBuffer.allocateDirect(batch.size() + HEADER_BYTES * frames.size());
		for (Frame frame : frames) {
			all.put((byte) 0x81).put((byte) 126).putShort((short) frame.size()).put(frame.bytes());
		}
		this.bytes = all.flip();
		this.numbers = frames.stream().mapToLong(BatchBytes::number).toArray();
	}

	/** The bytes from their beginning, until the next call. */
	ByteBuffer bytes() {
		return this.bytes.rewind();
	}

	long[] numbers() {
		return this.numbers;
	}

	private static long number(Frame frame) {
		String text = new String(frame.bytes(), StandardCharsets.US_ASCII);
		int at = text.indexOf(SEQ) + SEQ.length();
		return Long.parseLong(text.substring(at, text.indexOf('\n', at)));
	}

}

package dev.realtime.spring.stomp;

import java.io.ByteArrayOutputStream;

import dev.realtime.delivery.Batch;
import dev.realtime.delivery.Frame;
import org.jspecify.annotations.Nullable;

/**
 * A batch as one WebSocket message, made once for all connections that get it: text when
 * all frames are text, else binary.
 */
final class OneMessage implements Batch.Encoding {

	/** Null when it is not UTF-8. */
	final @Nullable String text;

	final byte[] bytes;

	private OneMessage(@Nullable String text, byte[] bytes) {
		this.text = text;
		this.bytes = bytes;
	}

	static OneMessage of(Batch batch) {
		if (batch.frames().size() == 1) {
			Frame frame = batch.frames().get(0);
			return new OneMessage(frame.text(), frame.bytes());
		}
		StringBuilder text = new StringBuilder(batch.size());
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(batch.size());
		boolean binary = false;
		for (Frame frame : batch.frames()) {
			binary |= frame.text() == null;
			text.append(frame.text());
			bytes.writeBytes(frame.bytes());
		}
		return new OneMessage(binary ? null : text.toString(), bytes.toByteArray());
	}

}

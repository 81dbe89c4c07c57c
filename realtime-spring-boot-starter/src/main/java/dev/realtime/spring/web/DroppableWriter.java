package dev.realtime.spring.web;

import java.io.IOException;
import java.io.Writer;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/** Writes to the container's writer until what is written is to be dropped. */
final class DroppableWriter extends Writer {

	private final @Nullable Writer out;

	private final BooleanSupplier drops;

	/**
	 * Makes the writer.
	 * @param out null when everything is dropped
	 * @param drops whether what is written now is dropped
	 */
	DroppableWriter(@Nullable Writer out, BooleanSupplier drops) {
		this.out = out;
		this.drops = drops;
	}

	private @Nullable Writer target() {
		return this.drops.getAsBoolean() ? null : this.out;
	}

	@Override
	public void write(char[] chars, int start, int length) throws IOException {
		Writer target = target();
		if (target != null) {
			target.write(chars, start, length);
		}
	}

	@Override
	public void flush() throws IOException {
		Writer target = target();
		if (target != null) {
			target.flush();
		}
	}

	@Override
	public void close() throws IOException {
		Writer target = target();
		if (target != null) {
			target.close();
		}
	}

}

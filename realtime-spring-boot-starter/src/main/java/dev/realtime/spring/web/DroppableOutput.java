package dev.realtime.spring.web;

import java.io.IOException;
import java.util.function.BooleanSupplier;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.jspecify.annotations.Nullable;

/** Writes to the container's output until what is written is to be dropped. */
final class DroppableOutput extends ServletOutputStream {

	private final @Nullable ServletOutputStream out;

	private final BooleanSupplier drops;

	/**
	 * Makes the output.
	 * @param out null when everything is dropped
	 * @param drops whether what is written now is dropped
	 */
	DroppableOutput(@Nullable ServletOutputStream out, BooleanSupplier drops) {
		this.out = out;
		this.drops = drops;
	}

	private @Nullable ServletOutputStream target() {
		return this.drops.getAsBoolean() ? null : this.out;
	}

	@Override
	public void write(int one) throws IOException {
		ServletOutputStream target = target();
		if (target != null) {
			target.write(one);
		}
	}

	@Override
	public void write(byte[] bytes, int start, int length) throws IOException {
		ServletOutputStream target = target();
		if (target != null) {
			target.write(bytes, start, length);
		}
	}

	@Override
	public void flush() throws IOException {
		ServletOutputStream target = target();
		if (target != null) {
			target.flush();
		}
	}

	@Override
	public void close() throws IOException {
		ServletOutputStream target = target();
		if (target != null) {
			target.close();
		}
	}

	@Override
	public boolean isReady() {
		ServletOutputStream target = target();
		return target == null || target.isReady();
	}

	@Override
	public void setWriteListener(WriteListener listener) {
		ServletOutputStream target = target();
		if (target != null) {
			target.setWriteListener(listener);
		}
	}

}

package dev.realtime.delivery;

import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Frames that are written to a socket together. Connections of a shard that wait for just
 * the same frames get the same batch, so that what a transport makes of it (one buffer,
 * one text) is made once. Made and encoded on the shard; its frames may be read by any
 * thread.
 */
public final class Batch {

	private final List<Frame> frames;

	private final int bytes;

	private final Batches batches;

	private @Nullable Encoding encoding;

	/** Whether it has a message whose writes are noted. */
	private final boolean journey;

	/** Whether it is one of the batches that are released at the end of the pass. */
	boolean kept;

	/**
	 * Makes a batch.
	 * @param batches keep it while it has an encoding
	 */
	Batch(List<Frame> frames, Batches batches) {
		this.batches = batches;
		this.frames = List.copyOf(frames);
		int bytes = 0;
		boolean journey = false;
		for (Frame frame : frames) {
			bytes += frame.size();
			journey |= frame.journey() != null;
		}
		this.bytes = bytes;
		this.journey = journey;
	}

	/** The frames in order, at least one. */
	public List<Frame> frames() {
		return this.frames;
	}

	/** Whether it has a frame with a {@link Frame#journey()}. */
	public boolean hasJourney() {
		return this.journey;
	}

	/** Number of bytes of all frames. */
	public int size() {
		return this.bytes;
	}

	/**
	 * What a transport made of this batch, made when it is first asked for.
	 * @param type tells apart what different transports make
	 * @param encoder makes it
	 */
	public <E extends Encoding> E encoding(Class<E> type, Function<Batch, E> encoder) {
		if (!type.isInstance(this.encoding)) {
			release();
			this.encoding = encoder.apply(this);
			this.batches.keep(this);
		}
		return type.cast(this.encoding);
	}

	boolean holds(List<Frame> others) {
		int size = this.frames.size();
		if (size != others.size()) {
			return false;
		}
		for (int i = 0; i < size; i++) {
			if (this.frames.get(i) != others.get(i)) {
				return false;
			}
		}
		return true;
	}

	/** Lets go of the encoding, which is made again if it is asked for again. */
	void release() {
		Encoding made = this.encoding;
		this.encoding = null;
		if (made != null) {
			this.batches.release(made);
		}
	}

	/** A transport's form of a batch. */
	public interface Encoding {

		/**
		 * No further write will ask for it; writes that have begun keep what they hold.
		 */
		default void release() {
		}

	}

}

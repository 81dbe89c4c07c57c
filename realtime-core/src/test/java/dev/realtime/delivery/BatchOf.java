package dev.realtime.delivery;

import java.util.List;

/** Batches for tests of transports, which live in other packages. */
public final class BatchOf {

	private BatchOf() {
	}

	public static Batch frames(byte[]... frames) {
		return new Batches((failure) -> {
		}).of(List.of(frames).stream().map(Frame::of).toList());
	}

}

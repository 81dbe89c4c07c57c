package dev.realtime.hub;

import dev.realtime.Signal;

/** A signal and its frames. */
final class EncodedSignal extends EncodedOnce {

	final Signal signal;

	private final FrameEncoder encoder;

	EncodedSignal(Signal signal, FrameEncoder encoder) {
		this.signal = signal;
		this.encoder = encoder;
	}

	@Override
	Frame encode(String subscriptionId) {
		return Frame.of(this.encoder.signal(this.signal, subscriptionId));
	}

}

package dev.realtime.delivery;

import dev.realtime.Signal;

/** A signal and its frames. */
final class EncodedSignal extends EncodedOnce {

	final Signal signal;

	private final MessageEncoder encoder;

	EncodedSignal(Signal signal, MessageEncoder encoder) {
		this.signal = signal;
		this.encoder = encoder;
	}

	@Override
	Frame encode(String subscriptionId) {
		return Frame.of(this.encoder.signal(this.signal, subscriptionId));
	}

}

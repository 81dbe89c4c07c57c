package dev.realtime.simulation;

import java.time.Duration;

import dev.realtime.loop.Loop;

/**
 * One direction of one connection: what is sent arrives later, in the order in which it
 * was sent, on the receiver's loop.
 */
final class Wire {

	private final Network network;

	private final Loop receiver;

	private long lastNanos;

	Wire(Network network, Loop receiver) {
		this.network = network;
		this.receiver = receiver;
		this.lastNanos = receiver.environment().nanoTime();
	}

	synchronized void send(Runnable arrival) {
		Duration delay = this.network.delay();
		if (delay.isZero()) {
			this.receiver.execute(arrival);
			return;
		}
		long now = this.receiver.environment().nanoTime();
		long due = now + delay.toNanos();
		if (due - this.lastNanos <= 0) {
			due = this.lastNanos + 1;
		}
		this.lastNanos = due;
		this.receiver.after(Duration.ofNanos(due - now), arrival);
	}

}

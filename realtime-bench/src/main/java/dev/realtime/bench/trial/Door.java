package dev.realtime.bench.trial;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/**
 * Where clients wait for their turn to connect: so many a second, and so many at once,
 * because a listen queue is finite. Confined to the event loop.
 */
final class Door {

	private static final int AT_ONCE = 512;

	private final ArrayDeque<Subscriber> waiting = new ArrayDeque<>();

	private final Set<Subscriber> inside = new HashSet<>();

	private double perSecond;

	private long began;

	private long admitted;

	/** From now on so many a second; 0 for as fast as they can. */
	void pace(double perSecond) {
		this.perSecond = perSecond;
		this.began = System.nanoTime();
		this.admitted = 0;
	}

	void enter(Subscriber subscriber) {
		this.waiting.add(subscriber);
		admit();
	}

	/** It is subscribed, or its connection has ended. */
	void passed(Subscriber subscriber) {
		if (this.inside.remove(subscriber)) {
			admit();
		}
	}

	/** Lets in those whose turn it is. */
	void admit() {
		while (!this.waiting.isEmpty() && this.inside.size() < AT_ONCE && isDue()) {
			Subscriber next = this.waiting.remove();
			this.admitted++;
			this.inside.add(next);
			next.dial();
		}
	}

	private boolean isDue() {
		return this.perSecond == 0 || this.admitted < (System.nanoTime() - this.began) / 1e9 * this.perSecond;
	}

}

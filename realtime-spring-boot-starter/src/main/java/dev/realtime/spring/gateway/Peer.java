package dev.realtime.spring.gateway;

/**
 * A node of the application, as far as a gateway has heard of it. Confined to the
 * gateway's loop.
 */
final class Peer {

	final String life;

	/** The node's own time of its last beat. */
	long beat;

	/** When the lease ends that began as that beat was heard. */
	long endNanos;

	boolean leaving;

	/** It took no SEND since its last beat. */
	boolean refuses;

	Peer(String life) {
		this.life = life;
	}

	boolean takes(long now) {
		return !this.leaving && !this.refuses && now - this.endNanos < 0;
	}

}

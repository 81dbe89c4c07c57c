package dev.realtime.isolation;

/** Tells load balancers whether this node takes clients. */
@FunctionalInterface
public interface Readiness {

	/**
	 * How it is now; called several times a second by one thread, and must not block.
	 * @param ready false while the node is isolated
	 */
	void set(boolean ready);

}

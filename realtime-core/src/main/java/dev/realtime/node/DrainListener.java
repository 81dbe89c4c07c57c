package dev.realtime.node;

/** Told when a node has drained. */
@FunctionalInterface
public interface DrainListener {

	/**
	 * The drain is over. Called on the thread that drains.
	 * @param nanos how long it took
	 * @param left connections that were still open, and are closed when the node ends
	 */
	void drained(long nanos, int left);

}

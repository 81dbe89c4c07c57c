package dev.realtime.isolation;

/**
 * How nodes learn whether others reach the relay, past the relay. Called by one thread,
 * and may block for some seconds. What it throws is logged, and counts as no other node.
 */
public interface Peers extends AutoCloseable {

	/** There is no way to learn it: no node ever counts as isolated. */
	Peers NONE = () -> PeerView.NONE;

	/**
	 * Asks the other nodes; called every interval while this node does not reach the
	 * relay, and seldom otherwise. What is older than an interval must not count, nor
	 * what this node says of itself. An implementation that compares two looks answers
	 * {@link PeerView#NONE} to the first one.
	 */
	PeerView look() throws Exception;

	/**
	 * Says how this node is, every interval; for implementations in which nodes do not
	 * ask each other.
	 * @param reaches whether it reaches the relay and takes clients
	 */
	default void say(boolean reaches) throws Exception {
	}

	/** What {@link #look()} could not do, for the operator; empty if all is well. */
	default String problem() {
		return "";
	}

	/** Takes leave; idempotent; within 2 s. */
	@Override
	default void close() {
	}

}

package dev.realtime.region;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Carries letters between regions: at least once, and in the order in which one node
 * hands them over for one slot, unless one is lost. A slot is the number of a topic's
 * partition in the fleet of its home; the bridge spreads slots over shares, so that slot
 * {@code s} is in share {@code s % shares()}. In each region one node at a time is given
 * a share; for moments two may be.
 * <p>
 * Stages complete when the bridge has taken the letter for good, and fail with a
 * {@link BridgeException}. Any thread may call; only {@link #close} blocks, 5 s at most.
 */
public interface Bridge extends AutoCloseable {

	/**
	 * Begins to connect, and goes on until it is closed. Returns at once.
	 * @param receiver gets what arrives
	 * @param copying whether this node takes shares
	 */
	void start(Receiver receiver, boolean copying);

	/** Tells all other regions something about topics of this one. */
	CompletionStage<Void> tell(int slot, byte[] letter);

	/** Asks the home of topics for something. */
	CompletionStage<Void> ask(String home, int slot, byte[] letter);

	/** Answers to all nodes of another region. */
	CompletionStage<Void> answer(String region, byte[] letter);

	/** How many shares there are; 0 until the bridge is connected. */
	int shares();

	/** The shares for which this node answers other regions. */
	Set<Integer> answering();

	/** The shares of a home that this node copies. */
	Set<Integer> copying(String home);

	/** How many letters of a home wait to be read by this node. */
	long lag(String home);

	@Override
	void close();

	/**
	 * Gets what arrives. A method that returns a stage gets the next letters of the same
	 * kind when it is complete; when it fails, it gets the same letters again. No method
	 * may block.
	 */
	interface Receiver {

		/** A home tells something about its topics. */
		CompletionStage<Void> told(String home, List<byte[]> letters);

		/** Another region asks for something. */
		CompletionStage<Void> asked(int share, List<byte[]> letters);

		/** Another region has answered, or has said that it is there. */
		void answered(byte[] letter);

		/** This node copies a share from now on. */
		void copies(String home, int share);

	}

}

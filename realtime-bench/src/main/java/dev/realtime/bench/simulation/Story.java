package dev.realtime.bench.simulation;

import java.util.Set;

import dev.realtime.bench.Arguments;
import dev.realtime.bench.capacity.Fleet;
import dev.realtime.bench.capacity.Quantity;

/**
 * What happens in a simulation, and when.
 *
 * @param seconds how long it goes on
 * @param burstAt when the burst begins
 * @param deathAt when a node dies
 * @param backWithin within how many seconds its clients come to the others, evenly
 * @param sampled how many of the nodes are simulated
 * @param stalls of each node
 * @param connectionBound messages that may wait for a connection
 * @param relayBound messages from the relay that may wait for a node
 * @param seed decides everything that is random
 */
public record Story(double seconds, double burstAt, double deathAt, double backWithin, int sampled, Stalls stalls,
		int connectionBound, int relayBound, long seed) {

	/** Its options on the command line. */
	public static final Set<String> KNOWN = Set.of("seconds", "seed", "sample", "nodes", "stalls", "stall-ms",
			"back-within");

	/** The default of {@code realtime.queue.max-messages}. */
	private static final double QUEUE_MESSAGES = 1_000;

	/** The default of {@code realtime.queue.max-bytes}. */
	private static final double QUEUE_BYTES = 1 << 20;

	/** Redis closes a subscriber behind which 32 MB wait. */
	private static final double RELAY_BYTES = 32 << 20;

	private static final double MILLI = 1e6;

	private static final double MOST_SECONDS = 600;

	/**
	 * Reads it; the burst comes after a third of the time, the death after two thirds.
	 */
	public static Story of(Arguments arguments, Fleet fleet, double frameBytes, double relayBytes) {
		double seconds = Quantity.of("--seconds", arguments.get("seconds", "30"));
		if (seconds > MOST_SECONDS) {
			throw new IllegalArgumentException("--seconds must be at most " + (int) MOST_SECONDS + ", not " + seconds);
		}
		int sampled = (int) Quantity.whole("--sample", arguments.get("sample", "2"));
		if (sampled > 64) {
			throw new IllegalArgumentException("--sample must be at most 64 nodes, not " + sampled);
		}
		Stalls stalls = new Stalls(Quantity.of("--stalls", arguments.get("stalls", "0.5")),
				MILLI * Quantity.of("--stall-ms", arguments.get("stall-ms", "10")));
		return new Story(seconds, seconds / 3, 2 * seconds / 3,
				Quantity.of("--back-within", arguments.get("back-within", "5")), sampled, stalls,
				(int) Math.min(QUEUE_MESSAGES, QUEUE_BYTES / (fleet.payload() + frameBytes)),
				(int) (RELAY_BYTES / (fleet.payload() + relayBytes)),
				Quantity.whole("--seed", arguments.get("seed", "1")));
	}

}

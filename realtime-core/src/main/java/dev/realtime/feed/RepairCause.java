package dev.realtime.feed;

import java.util.Locale;

/** Why a feed has read messages from the log that the relay did not bring. */
public enum RepairCause {

	/** A message came, and the ones before it had not. */
	HOLE,

	/** A message of another life of the numbering came. */
	EPOCH,

	/** They were published while the node began to follow the topic. */
	OPENING,

	/** The relay was lost and is back. */
	RELAY_LOST,

	/** The relay has dropped messages on an open connection. */
	DROPPED,

	/** The relay is away. */
	RELAY_AWAY,

	/**
	 * The periodic comparison found messages that had not come: lost, or still on their
	 * way.
	 */
	COMPARISON,

	/** A recovery read messages that this node did not know of. */
	RECOVERY;

	private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

	/** The cause in lower case, for meters. */
	public String word() {
		return this.word;
	}

}

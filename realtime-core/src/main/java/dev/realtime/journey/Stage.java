package dev.realtime.journey;

/** What happens to a message on a node, in this order. */
public enum Stage {

	/** The node was asked to publish it. */
	PUBLISHED,

	/** The broker has answered: it is numbered and stored. */
	ANSWERED,

	/** The relay brought it. */
	RECEIVED,

	/** The topic's feed has everything before it, and released it. */
	ORDERED,

	/** It was handed over to the shards that have subscribers. */
	HANDED,

	/** A shard has offered it to all its live subscribers. */
	OFFERED,

	/** A socket has accepted it. */
	WRITTEN,

	/**
	 * A subscriber to whom it was offered does not get it: it was dropped, left out or
	 * withheld, or the connection has ended.
	 */
	NOT_WRITTEN

}

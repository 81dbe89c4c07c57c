package dev.realtime.bench.journey;

/** The stages of a message's way, each measured from the end of the one before. */
public enum Stage {

	/** Numbered and stored, or announced, whichever the node knew first. */
	STORED,

	/** Announced to this node. */
	RELAYED,

	/** Put in order by the topic's feed, and handed to the shard's queue. */
	ORDERED,

	/** Taken up by the shard: the first thing that it does is to encode it. */
	HANDED,

	/** Until the write to a connection begins, earlier writes of the shard included. */
	WRITTEN,

	/** The write itself, which is the kernel's. */
	SEND,

	/**
	 * From the publish until the write to a connection begins, without the time that the
	 * shard has spent in earlier writes: what the engine adds to the writes alone.
	 */
	OWN

}

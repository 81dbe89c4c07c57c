package dev.realtime.delivery;

/**
 * Writes to one connection's socket, as the connection's shard and the topics' audiences
 * know it. Confined to the shard. Internal to the engine.
 * <p>
 * A class with one implementation, not an interface: the virtual machine binds the calls
 * of the delivery statically.
 */
public abstract class ShardWriter {

	/** The connection's. */
	protected final DeliveryShard shard;

	/** Where it stands among the shard's writers. */
	int index = -1;

	/** Makes the writer of a connection of the shard. */
	protected ShardWriter(DeliveryShard shard) {
		this.shard = shard;
	}

	/**
	 * Writes messages now, if nothing is in their way and the queue could hold them.
	 * @return false when they must be queued
	 */
	protected abstract boolean writeNow(Batch batch);

	/** Queues what is no subscriber's message; closes when it does not fit. */
	protected abstract void enqueueUnowned(Frame frame);

	/** Writes what waits, as far as the socket takes it. */
	protected abstract void flush();

	/** Looks at the clocks; about once a second. Never throws. */
	protected abstract void tick(long nowNanos);

	/** Something that was done for the connection failed: closes it. Never throws. */
	protected abstract void failed(Throwable failure);

}

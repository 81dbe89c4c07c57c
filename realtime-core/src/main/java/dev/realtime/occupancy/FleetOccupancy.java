package dev.realtime.occupancy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import dev.realtime.Topic;
import dev.realtime.loop.LogThrottle;
import dev.realtime.loop.Loop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's part in finding out which topics have subscribers in the fleet. It stores
 * which topics have subscribers here, with a lease, and gets the changes of the fleet
 * that it must publish. Each change goes to one node. While the store is away, changes of
 * this node are kept, one for each topic, and stored afterwards. Confined to the loop,
 * apart from {@link #close}, {@link #published} and {@link #waiting}; nothing but
 * {@link #close} blocks.
 */
public final class FleetOccupancy implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(FleetOccupancy.class);

	private static final Duration LONGEST_TICK = Duration.ofMillis(250);

	private static final Duration GOODBYE = Duration.ofSeconds(1);

	private final OccupancyStore store;

	private final OccupancyOptions options;

	private final Loop loop;

	private final List<OccupancyPartition> partitions;

	private volatile int waiting;

	/**
	 * Asks nothing before {@link #start}.
	 * @param store closed by this
	 * @param node the id of this node
	 * @param loop closed by this
	 * @param listener called on the loop with each change that this node must publish,
	 * {@link OccupancyOptions#most} at most before {@link #published} is called; does not
	 * block
	 */
	public FleetOccupancy(OccupancyStore store, String node, OccupancyOptions options, Loop loop,
			Consumer<OccupancyChange> listener) {
		this.store = store;
		this.options = options;
		this.loop = loop;
		OccupancyPartition.Parts parts = new OccupancyPartition.Parts(store, node, options, loop,
				new Rooms(options.most()), new LogThrottle(loop.environment()), listener);
		this.partitions = IntStream.range(0, store.partitions())
			.mapToObj((number) -> new OccupancyPartition(number, parts))
			.toList();
	}

	/** Begins to call the store; any thread. */
	public void start() {
		Duration eighth = this.options.refresh().dividedBy(8);
		this.loop.execute(() -> this.partitions.forEach(OccupancyPartition::start));
		this.loop.every((eighth.compareTo(LONGEST_TICK) < 0) ? eighth : LONGEST_TICK, this::tick);
	}

	/** A topic has got its first subscriber on this node, or has lost its last one. */
	public void set(Topic topic, boolean occupied) {
		if (partition(topic).set(topic, occupied)) {
			int before = this.waiting;
			this.waiting = before + 1;
		}
	}

	/** A change has been published. Any thread. */
	public void published(OccupancyChange change) {
		this.loop.execute(() -> partition(change.topic()).published(change));
	}

	/**
	 * How many topics have a state on this node that is not known to be stored. Any
	 * thread; counted every 250 ms.
	 */
	public int waiting() {
		return this.waiting;
	}

	private OccupancyPartition partition(Topic topic) {
		return this.partitions.get(this.store.partition(topic));
	}

	private void tick() {
		int sum = 0;
		for (OccupancyPartition each : this.partitions) {
			boolean unused = this.loop.contain(each::tick);
			sum += each.waiting();
		}
		this.waiting = sum;
	}

	/**
	 * Shortens the lease to {@link OccupancyOptions#grace}, so that other nodes soon find
	 * which topics have lost their subscribers. Idempotent; takes a second for the store
	 * at most, and as long to close.
	 */
	@Override
	public void close() {
		CompletableFuture<Void> left = new CompletableFuture<>();
		if (!this.loop.isClosed() && this.loop.tryExecute(() -> {
			CompletableFuture<?>[] calls = this.partitions.stream()
				.map(OccupancyPartition::leave)
				.toArray(CompletableFuture<?>[]::new);
			this.loop.listen(CompletableFuture.allOf(calls), (done, failure) -> left.complete(null));
		})) {
			await(left);
		}
		this.loop.close();
		this.store.close();
	}

	private void await(CompletableFuture<Void> left) {
		try {
			Void unused = this.loop.environment().await(left, GOODBYE);
		}
		catch (TimeoutException | ExecutionException ex) {
			logger.debug("The topics of this node could not be given up; they count until its lease ends", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

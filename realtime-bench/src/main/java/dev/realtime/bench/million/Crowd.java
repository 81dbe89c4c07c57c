package dev.realtime.bench.million;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.Connection;
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.hub.HubOptions;
import dev.realtime.hub.HubStats;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;

/**
 * A real node whose connections end in a counter instead of a socket, all subscribed to
 * one topic. For one thread.
 */
final class Crowd implements AutoCloseable {

	private static final Topic ROOM = Topic.of("room.1");

	private static final byte[] PAYLOAD = "x".repeat(128).getBytes(StandardCharsets.US_ASCII);

	private static final long PATIENCE_NANOS = Duration.ofMinutes(2).toNanos();

	private static final long LOOK_NANOS = 50_000;

	private final RealtimeNode node;

	private final int[] counts;

	private int published;

	/** A node without connections. */
	Crowd(int connections, int shards) {
		this.counts = new int[connections];
		this.node = RealtimeNode
			.builder("bench", new MemoryBroker(Clock.systemUTC()),
					new MemoryPresence(PresenceOptions.DEFAULT, new Loops()))
			.options(HubOptions.builder().shards(shards).build())
			.build();
		this.node.start();
	}

	/**
	 * Connects and subscribes everybody, and waits until all are live. Each has strings
	 * of its own for its session and subscription id, as if they had been read from
	 * sockets.
	 */
	void gather() {
		for (int i = 0; i < this.counts.length; i++) {
			Connection connection = this.node.hub()
				.connect(new UUID(i, i).toString(), new CountingTransport(this.counts, i));
			connection.subscribe(new SubscribeRequest("sub-" + Math.min(i, 0), ROOM, null, 0, null));
		}
		HubStats stats = this.node.hub().stats();
		await(() -> stats.recoveries(Recovery.NOT_ASKED), this.counts.length);
	}

	/**
	 * Publishes one message.
	 * @return nanoseconds from before the publish until everybody's write was made
	 */
	long deliver() {
		HubStats stats = this.node.hub().stats();
		long before = stats.writes();
		Publication publication = Publication.of(ROOM, Content.of(PAYLOAD, Content.JSON, null, java.util.Map.of()));
		long began = System.nanoTime();
		this.node.broker().publish(publication, TopicPolicy.DEFAULT).toCompletableFuture().join();
		await(stats::writes, before + this.counts.length);
		this.published++;
		return System.nanoTime() - began;
	}

	/**
	 * Looks at every connection's counter.
	 * @throws IllegalStateException when one did not get each message just once
	 */
	void check() {
		check(this.counts, this.published);
		long delivered = this.node.hub().stats().delivered();
		if (delivered != (long) this.published * this.counts.length) {
			throw new IllegalStateException("The hub counted " + delivered + " deliveries");
		}
	}

	static void check(int[] counts, int published) {
		for (int i = 0; i < counts.length; i++) {
			if (counts[i] != published) {
				throw new IllegalStateException("Connection " + i + " got " + counts[i] + " messages of " + published);
			}
		}
	}

	@Override
	public void close() {
		this.node.close();
	}

	private static void await(LongSupplier counter, long target) {
		long began = System.nanoTime();
		while (counter.getAsLong() < target) {
			if (System.nanoTime() - began > PATIENCE_NANOS) {
				throw new IllegalStateException("Waited in vain for " + target + "; it is " + counter.getAsLong());
			}
			LockSupport.parkNanos(LOOK_NANOS);
		}
	}

}

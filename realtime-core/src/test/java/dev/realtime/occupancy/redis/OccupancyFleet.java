package dev.realtime.occupancy.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.occupancy.FleetOccupancy;
import dev.realtime.occupancy.OccupancyChange;
import dev.realtime.occupancy.OccupancyOptions;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.testing.RedisFleet;
import io.lettuce.core.AbstractRedisClient;

/** Nodes over one Redis that publish into one list, as the fleet's listeners see it. */
final class OccupancyFleet implements AutoCloseable {

	static final OccupancyOptions OPTIONS = new OccupancyOptions(Duration.ofMillis(150), Duration.ofMillis(1_000),
			Duration.ofMillis(100), 1_000);

	private final RedisFleet redis;

	private final RedisKeys keys;

	private final List<Node> nodes = new ArrayList<>();

	/** What was published, in order, as {@code +topic} or {@code -topic}. */
	private final List<String> published = new CopyOnWriteArrayList<>();

	OccupancyFleet(RedisFleet redis, RedisKeys keys) {
		this.redis = redis;
		this.keys = keys;
	}

	Node start() {
		return start(true);
	}

	/** Starts a node that publishes what it gets, or keeps it for itself. */
	Node start(boolean publishes) {
		Node node = new Node("node-" + this.nodes.size(), publishes);
		this.nodes.add(node);
		node.occupancy.start();
		return node;
	}

	List<String> published() {
		return this.published;
	}

	/** What was published of the topic, as signs. */
	String of(String topic) {
		StringBuilder signs = new StringBuilder();
		this.published.stream()
			.filter((each) -> each.substring(1).equals(topic))
			.forEach((each) -> signs.append(each.charAt(0)));
		return signs.toString();
	}

	@Override
	public void close() {
		this.nodes.forEach((node) -> node.occupancy.close());
	}

	/** One node, with a client of its own. */
	final class Node {

		final Queue<OccupancyChange> kept = new ConcurrentLinkedQueue<>();

		private final AbstractRedisClient client = OccupancyFleet.this.redis.anyClient();

		private final Loops loops = new Loops();

		private final Loop loop;

		private final Loop listeners;

		private final FleetOccupancy occupancy;

		Node(String id, boolean publishes) {
			this.loop = this.loops.loop("occupancy-" + id);
			this.listeners = this.loops.loop("listeners-" + id);
			this.occupancy = new FleetOccupancy(new RedisOccupancyStore(
					RedisLink.connect(this.client, Duration.ofMillis(500), this.loops, "link-" + id),
					OccupancyFleet.this.keys), id, OPTIONS, this.loop, publishes ? this::soon : this.kept::add);
		}

		private void soon(OccupancyChange change) {
			this.listeners.execute(() -> publish(change));
		}

		void publish(OccupancyChange change) {
			OccupancyFleet.this.published.add((change.occupied() ? "+" : "-") + change.topic().name());
			this.occupancy.published(change);
		}

		void set(String topic, boolean occupied) {
			CompletableFuture<Void> set = new CompletableFuture<>();
			this.loop.execute(() -> {
				this.occupancy.set(Topic.of(topic), occupied);
				set.complete(null);
			});
			Void unused = set.join();
		}

		int waiting() {
			return this.occupancy.waiting();
		}

		/** Ends in an orderly manner. */
		void close() {
			this.occupancy.close();
		}

		/** Says nothing more, not even goodbye. */
		void die() {
			this.loop.close();
			this.listeners.close();
		}

	}

}

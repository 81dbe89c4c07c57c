package dev.realtime.spring.occupancy;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.occupancy.FleetOccupancy;
import dev.realtime.occupancy.OccupancyChange;
import dev.realtime.occupancy.OccupancyOptions;
import dev.realtime.occupancy.OccupancyStore;
import dev.realtime.spring.NodePart;

/**
 * Topic events of the fleet. What happens on this node is stored, and the changes of the
 * fleet that come to this node are announced on a loop of their own, so that a listener
 * that blocks delays no lease. Begins when the application's listeners are there, and
 * ends after the connections, while Redis can still be told.
 */
final class FleetTopicEvents implements NodePart {

	/** Below that of the node, above that of webhooks. */
	private static final int PHASE = 768;

	private final FleetOccupancy occupancy;

	private final Loop loop;

	private final Loop listeners;

	private final TopicAnnouncements announcements;

	private volatile boolean running;

	/**
	 * Makes it.
	 * @param store closed by this
	 * @param node the id of this node
	 */
	FleetTopicEvents(OccupancyStore store, String node, OccupancyOptions options, Loops loops,
			TopicAnnouncements announcements) {
		this.loop = loops.loop("realtime-topic-occupancy");
		this.listeners = loops.loop("realtime-topic-events");
		this.announcements = announcements;
		this.occupancy = new FleetOccupancy(store, node, options, this.loop, this::found);
	}

	/** Runs {@link #changed}. */
	Loop loop() {
		return this.loop;
	}

	/** A topic has its first subscriber on this node, or has lost its last one. */
	void changed(Topic topic, boolean occupied) {
		this.occupancy.set(topic, occupied);
	}

	/**
	 * If the node ends before its listeners have a change, which it may interrupt,
	 * another node announces it.
	 */
	private void found(OccupancyChange change) {
		this.listeners.execute(() -> {
			boolean unused = this.listeners
				.contain(() -> this.announcements.announce(change.topic(), change.occupied(), change.time()));
			if (!this.listeners.isClosed()) {
				this.occupancy.published(change);
			}
		});
	}

	/** How many topics have a state on this node that is not stored yet. */
	int waiting() {
		return this.occupancy.waiting();
	}

	@Override
	public void start() {
		this.occupancy.start();
		this.running = true;
	}

	/** Idempotent; takes about two seconds at most. */
	@Override
	public void stop() {
		this.running = false;
		this.listeners.close();
		this.occupancy.close();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}

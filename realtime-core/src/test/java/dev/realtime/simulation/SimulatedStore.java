package dev.realtime.simulation;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Relay;

/**
 * A model of Redis as the nodes see it: one server that numbers, stores and reads, one
 * command at a time. What it does with a command is the work of a real
 * {@link MemoryBroker}; the model adds the way there and back, and what can happen to the
 * server.
 */
final class SimulatedStore {

	final Loop loop;

	final Network network;

	private final BiConsumer<Publication, PublishReceipt> stored;

	/** What stood for having no numbering, of each life. */
	private final Set<String> none = ConcurrentHashMap.newKeySet();

	private volatile MemoryBroker memory;

	/** Whether it takes connections. */
	private volatile boolean away;

	/**
	 * Makes an empty server.
	 * @param stored told of everything at the moment when it is stored
	 */
	SimulatedStore(Loops loops, Network network, BiConsumer<Publication, PublishReceipt> stored) {
		this.loop = loops.loop("store");
		this.network = network;
		this.stored = stored;
		this.memory = empty();
	}

	/** What it has now, without any delay. */
	MemoryBroker memory() {
		return this.memory;
	}

	/** Whether the position stands before the first message of whatever epoch comes. */
	boolean isNone(Position position) {
		return this.none.contains(position.epoch());
	}

	boolean isAway() {
		return this.away;
	}

	void setAway(boolean away) {
		this.away = away;
	}

	/**
	 * A copy takes over that may lack the latest messages, or the server restarts without
	 * its data: all numberings begin anew, as they do in Redis when it is not proved that
	 * nothing is missing.
	 */
	void failOver() {
		this.memory = empty();
	}

	CompletionStage<PublishReceipt> publish(Publication publication, TopicPolicy policy) {
		return this.memory.publish(publication, policy).whenComplete((receipt, failure) -> {
			if (receipt != null && !receipt.duplicate()) {
				this.stored.accept(publication, receipt);
			}
		});
	}

	private MemoryBroker empty() {
		MemoryBroker broker = new MemoryBroker(this.loop.environment());
		broker.start(Relay.Listener.none());
		this.none.add(Ledger.now(broker.log().peek(List.of(Topic.of("unknown")))).get(0).epoch());
		return broker;
	}

}

package dev.realtime.bench.micro;

import java.time.Clock;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.Connection;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.connection.Transport;
import dev.realtime.hub.HubStats;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A hub whose one shard is the calling thread, with some subscribers of one topic. Its
 * clocks stand still.
 */
public abstract class Listeners {

	private final CallingThread loop = new CallingThread();

	private final RealtimeNode node;

	private Position position;

	Listeners(int subscribers, TopicPolicy policy, Transport transport) {
		MemoryBroker broker = new MemoryBroker(Clock.systemUTC());
		this.node = RealtimeNode.builder("bench", broker, new MemoryPresence(PresenceOptions.DEFAULT, new Loops()))
			.policies(TopicPolicies.all(policy))
			.destinations(Topic::name)
			.eventLoops(List.of(this.loop))
			.build();
		broker.start(this.node.hub());
		for (int i = 0; i < subscribers; i++) {
			connect("session-" + i, transport).subscribe(new SubscribeRequest("sub-0", Room.TOPIC, null, 0, null));
		}
		this.position = broker.log().heads(List.of(Room.TOPIC)).toCompletableFuture().join().get(0);
	}

	final Connection connect(String id, Transport transport) {
		return this.node.hub().connect(id, transport, this.loop);
	}

	/** What arrives from the relay: everything up to the writes happens in this call. */
	final void deliver() {
		this.position = this.position.withSeq(this.position.seq() + 1);
		this.node.hub().onMessage(Room.message(this.position));
	}

	final HubStats stats() {
		return this.node.hub().stats();
	}

	/** Stops the hub's threads. */
	@TearDown
	public void close() {
		this.node.close();
		this.loop.shutdownNow();
	}

}

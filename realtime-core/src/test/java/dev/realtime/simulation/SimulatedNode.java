package dev.realtime.simulation;

import java.time.Duration;
import java.util.List;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.hub.HubOptions;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.relay.SessionRelay;
import dev.realtime.testing.VirtualEnvironment;
import dev.realtime.testing.VirtualProcess;
import org.jspecify.annotations.Nullable;

/** One life of a node: a process with a real {@link RealtimeNode} in it. */
final class SimulatedNode {

	/** Small bounds, so that they are met. */
	static final HubOptions OPTIONS = HubOptions.builder()
		.shards(2)
		.queueMessages(24)
		.queueBytes(16 << 10)
		.maxSubscriptions(8)
		.patternTopics(10)
		.maxPatterns(10)
		.maxReplay(16)
		.pageSize(5)
		.sharedReplayBytes(32 << 10)
		.logReads(4)
		.logReadsWaiting(100)
		.linger(Duration.ofMillis(300))
		.checkInterval(Duration.ofSeconds(30))
		.openTimeout(Duration.ofSeconds(5))
		.writeTimeout(Duration.ofSeconds(5))
		.build();

	/** A socket that takes nothing stays until its queue is full. */
	private static final HubOptions PATIENT = OPTIONS.toBuilder().writeTimeout(Duration.ofHours(1)).build();

	final String name;

	final VirtualProcess process;

	final RealtimeNode node;

	final StoreConnection store;

	final SimulatedRelay.Line line;

	final SimulatedPresence presence;

	/** Where frames and calls of clients and publishers come in. */
	final Loop door;

	private final Loops loops;

	private @Nullable Throwable nextFrame;

	private @Nullable Throwable nextPolicy;

	SimulatedNode(VirtualEnvironment environment, String name, SimulatedStore server, SimulatedRelay relay,
			PresenceServer members, boolean confirming, boolean patient, TopicPolicies policies) {
		this.name = name;
		this.process = new VirtualProcess(environment, name);
		this.loops = new Loops(this.process, Loops.STALLED_AFTER);
		this.door = this.loops.loop("door");
		this.line = relay.line(this.loops);
		SimulatedBroker broker = new SimulatedBroker(server, new SessionRelay("The model", this.line.opener(confirming),
				Duration.ofSeconds(1), Duration.ofSeconds(1), this.loops), this.loops);
		this.store = broker.store();
		this.presence = new SimulatedPresence(name, members, server.network, this.loops);
		this.node = RealtimeNode.builder(name, broker, this.presence)
			.options(patient ? PATIENT : OPTIONS)
			.policies((topic) -> policy(policies, topic))
			.destinations(this::destination)
			.loops(this.loops)
			.build();
		this.node.start();
	}

	/** Whether it takes connections and publications. */
	boolean isOpen() {
		return !this.process.isDead() && this.node.isServing();
	}

	/** Whether it was closed as in a deployment. */
	boolean isClosed() {
		return !this.node.isOpen();
	}

	/** It ends without a word. */
	void crash() {
		this.process.kill();
		this.line.forget();
	}

	void failNextFrame(Throwable failure) {
		this.nextFrame = failure;
	}

	void failNextPolicy(Throwable failure) {
		this.nextPolicy = failure;
	}

	/** The faults that wait for their occasion do not come. */
	void stopFailing() {
		this.nextFrame = null;
		this.nextPolicy = null;
	}

	List<String> stalledLoops() {
		return this.loops.stalled();
	}

	private TopicPolicy policy(TopicPolicies policies, Topic topic) {
		Throwable failure = this.nextPolicy;
		this.nextPolicy = null;
		fail(failure);
		return policies.of(topic);
	}

	/** What the application says when a frame is encoded. */
	private String destination(Topic topic) {
		Throwable failure = this.nextFrame;
		this.nextFrame = null;
		fail(failure);
		return "/topic/" + topic.name();
	}

	static void fail(@Nullable Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException exception) {
			throw exception;
		}
	}

}

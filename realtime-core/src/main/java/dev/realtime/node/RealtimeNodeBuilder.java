package dev.realtime.node;

import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.Broker;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubOptions;
import dev.realtime.loop.Loops;
import dev.realtime.presence.Presence;
import org.jspecify.annotations.Nullable;

/** Wires a node; for one thread. */
public final class RealtimeNodeBuilder {

	final String id;

	final Broker broker;

	final Presence presence;

	HubOptions options = HubOptions.DEFAULT;

	TopicPolicies policies = TopicPolicies.all(TopicPolicy.DEFAULT);

	Function<Topic, String> destinations = (topic) -> "/topic/" + topic;

	Loops loops = new Loops();

	List<? extends ScheduledExecutorService> eventLoops = List.of();

	@Nullable ConnectionListener subscribers;

	boolean tracesToClients;

	RealtimeNodeBuilder(String id, Broker broker, Presence presence) {
		this.id = id;
		this.broker = broker;
		this.presence = presence;
	}

	/**
	 * Sets the bounds and times of the hub; {@link HubOptions#DEFAULT} unless set.
	 */
	public RealtimeNodeBuilder options(HubOptions options) {
		this.options = options;
		return this;
	}

	/** Sets how topics are kept; all as {@link TopicPolicy#DEFAULT} unless set. */
	public RealtimeNodeBuilder policies(TopicPolicies policies) {
		this.policies = policies;
		return this;
	}

	/**
	 * Sets the STOMP destination that MESSAGE frames of a topic carry; {@code /topic/}
	 * and the topic's name unless set.
	 */
	public RealtimeNodeBuilder destinations(Function<Topic, String> destinations) {
		this.destinations = destinations;
		return this;
	}

	/** Sets what makes the node's background threads; loops of its own unless set. */
	public RealtimeNodeBuilder loops(Loops loops) {
		this.loops = loops;
		return this;
	}

	/**
	 * Sets a server's event loops, on which a part of the connections is served (see
	 * {@link Hub}); none unless set. The node does not shut them down.
	 */
	public RealtimeNodeBuilder eventLoops(List<? extends ScheduledExecutorService> eventLoops) {
		this.eventLoops = eventLoops;
		return this;
	}

	/**
	 * Adds a listener of subscribers that come and go, which is called after presence and
	 * after those that were added before; none by default.
	 */
	public RealtimeNodeBuilder subscribers(ConnectionListener subscribers) {
		this.subscribers = (this.subscribers != null) ? new BothListeners(this.subscribers, subscribers) : subscribers;
		return this;
	}

	/**
	 * Sets whether MESSAGE frames of messages with a {@link dev.realtime.Content#trace()
	 * trace} carry it to clients, as the header {@code traceparent}; not by default.
	 */
	public RealtimeNodeBuilder tracesToClients(boolean tracesToClients) {
		this.tracesToClients = tracesToClients;
		return this;
	}

	/** Returns the node; {@link RealtimeNode#start()} starts it. */
	public RealtimeNode build() {
		return new RealtimeNode(this);
	}

}

package dev.realtime.node;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.hub.Hub;
import dev.realtime.relay.Relay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands what the relay brings to the hub, except for signals on the topics that the node
 * itself listens to. Safe for any number of threads.
 */
final class NodeListener implements Relay.Listener {

	private static final Logger logger = LoggerFactory.getLogger(NodeListener.class);

	private final Hub hub;

	private final Map<Topic, Consumer<Signal>> own = new ConcurrentHashMap<>();

	private final List<Runnable> reconnected = new CopyOnWriteArrayList<>();

	NodeListener(Hub hub) {
		this.hub = hub;
	}

	/** From now on signals on the topic go to the consumer. */
	void listen(Topic topic, Consumer<Signal> consumer) {
		this.own.put(topic, consumer);
	}

	/** From now on the task runs when messages may have been missed. */
	void whenReconnected(Runnable task) {
		this.reconnected.add(task);
	}

	@Override
	public void onMessage(TopicMessage message) {
		this.hub.onMessage(message);
	}

	@Override
	public void onSignal(Signal signal) {
		Consumer<Signal> consumer = this.own.get(signal.topic());
		if (consumer != null) {
			consumer.accept(signal);
		}
		else {
			this.hub.onSignal(signal);
		}
	}

	@Override
	public void onReconnected() {
		contain(this.hub::onReconnected);
		this.reconnected.forEach(NodeListener::contain);
	}

	@Override
	public void onDropped() {
		contain(this.hub::onDropped);
		this.reconnected.forEach(NodeListener::contain);
	}

	/** What one of several fails at keeps no other from being told. */
	private static void contain(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			logger.error("A listener failed to handle the reconnection of the relay", ex);
		}
	}

}

package dev.realtime.relay;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.codec.MalformedMessages;
import dev.realtime.codec.MessageCodec;
import dev.realtime.codec.SignalCodec;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an engine brings and calls the listener with what this node has subscribed
 * to. What cannot be read, and whatever a listener throws, an {@link Error} too, costs
 * that message alone. For implementations of {@link Relay}; not meant for applications.
 * <p>
 * The engine calls one of the three methods for each arrival, one at a time for a topic.
 * Everything else may be called by any thread.
 */
public final class Incoming {

	/** Whether the topic's own subscription is in force. */
	private final Map<Topic, Boolean> topics = new ConcurrentHashMap<>();

	private final Set<TopicPattern> patterns = ConcurrentHashMap.newKeySet();

	private final MalformedMessages malformed;

	private final ListenerFailures failures;

	private volatile Relay.@Nullable Listener listener;

	Incoming(Environment environment) {
		this.malformed = new MalformedMessages(environment);
		this.failures = new ListenerFailures(environment);
	}

	/** Sets the listener; before that, what arrives is dropped. */
	public void start(Relay.Listener listener) {
		this.listener = listener;
	}

	void add(Subscription subscription) {
		switch (subscription.kind()) {
			case TOPIC -> this.topics.putIfAbsent(subscription.topic(), false);
			case PATTERN -> this.patterns.add(subscription.pattern());
		}
	}

	void remove(Subscription subscription) {
		switch (subscription.kind()) {
			case TOPIC -> this.topics.remove(subscription.topic());
			case PATTERN -> this.patterns.remove(subscription.pattern());
		}
	}

	void confirmed(Subscription subscription) {
		if (subscription.kind() == Subscription.Kind.TOPIC) {
			this.topics.computeIfPresent(subscription.topic(), (topic, before) -> true);
		}
	}

	void nothingConfirmed() {
		this.topics.replaceAll((topic, before) -> false);
	}

	/** Takes what came on a topic's own subscription. */
	public void byName(Topic topic, byte[] bytes) {
		if (this.topics.containsKey(topic)) {
			tell(topic, bytes);
		}
	}

	/**
	 * Takes what came on a pattern's subscription, where the topic's own one brings the
	 * same bytes again.
	 */
	public void byPattern(Topic topic, byte[] bytes) {
		if (!this.topics.getOrDefault(topic, false) && !SignalCodec.isSignal(bytes) && isMatched(topic)) {
			tell(topic, bytes);
		}
	}

	/** Takes what comes once, whatever this node has subscribed to. */
	public void once(Topic topic, byte[] bytes) {
		if (this.topics.containsKey(topic) || (!SignalCodec.isSignal(bytes) && isMatched(topic))) {
			tell(topic, bytes);
		}
	}

	/**
	 * Tells the listener that anything may have been missed, because the connection was
	 * lost.
	 */
	public void reconnected() {
		tell(Relay.Listener::onReconnected);
	}

	/** Tells the listener that messages were dropped on an open connection. */
	void dropped() {
		tell(Relay.Listener::onDropped);
	}

	private void tell(Consumer<Relay.Listener> call) {
		Relay.Listener current = this.listener;
		try {
			if (current != null) {
				call.accept(current);
			}
		}
		catch (Throwable ex) {
			this.failures.onReconnected(ex);
		}
	}

	private boolean isMatched(Topic topic) {
		for (TopicPattern pattern : this.patterns) {
			if (pattern.matches(topic)) {
				return true;
			}
		}
		return false;
	}

	private void tell(Topic topic, byte[] bytes) {
		Relay.Listener current = this.listener;
		if (current == null) {
			return;
		}
		try {
			Consumer<Relay.Listener> call = readable(topic, bytes);
			if (call != null) {
				call.accept(current);
			}
		}
		catch (Throwable ex) {
			this.failures.onMessage(topic, ex);
		}
	}

	/** Returns null for what cannot be read. */
	private @Nullable Consumer<Relay.Listener> readable(Topic topic, byte[] bytes) {
		try {
			if (SignalCodec.isSignal(bytes)) {
				Signal signal = SignalCodec.signal(topic, bytes);
				return (listener) -> listener.onSignal(signal);
			}
			TopicMessage message = MessageCodec.announced(topic, bytes);
			return (listener) -> listener.onMessage(message);
		}
		catch (RuntimeException ex) {
			this.malformed.report(topic, "from the relay", ex);
			return null;
		}
	}

}

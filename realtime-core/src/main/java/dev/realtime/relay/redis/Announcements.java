package dev.realtime.relay.redis;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.redis.MalformedMessages;
import dev.realtime.redis.MessageCodec;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.SignalCodec;
import dev.realtime.relay.Relay;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what arrives on the channels of wanted topics and calls the listener. Whatever
 * arrives or a listener throws, an {@link Error} too, costs that message alone.
 */
final class Announcements {

	private static final Logger logger = LoggerFactory.getLogger(Announcements.class);

	private final RedisKeys keys;

	private final Map<ByteBuffer, Topic> topics = new ConcurrentHashMap<>();

	private final MalformedMessages malformed = new MalformedMessages();

	private volatile Relay.@Nullable Listener listener;

	Announcements(RedisKeys keys) {
		this.keys = keys;
	}

	void start(Relay.Listener listener) {
		this.listener = listener;
	}

	void want(Topic topic) {
		this.topics.put(ByteBuffer.wrap(this.keys.channel(topic)), topic);
	}

	void unwant(Topic topic) {
		this.topics.remove(ByteBuffer.wrap(this.keys.channel(topic)));
	}

	/** On the I/O thread. */
	void onMessage(byte[] channel, byte[] bytes) {
		Topic topic = this.topics.get(ByteBuffer.wrap(channel));
		Relay.Listener current = this.listener;
		if (topic == null || current == null) {
			return;
		}
		try {
			Consumer<Relay.Listener> call = readable(topic, bytes);
			if (call != null) {
				call.accept(current);
			}
		}
		catch (Throwable ex) {
			logger.error("The listener failed on what came on \"{}\"", topic, ex);
		}
	}

	/** Returns null for what cannot be read. */
	private @Nullable Consumer<Relay.Listener> readable(Topic topic, byte[] bytes) {
		try {
			return read(topic, bytes);
		}
		catch (RuntimeException ex) {
			this.malformed.report(topic, "on its channel", ex);
			return null;
		}
	}

	private static Consumer<Relay.Listener> read(Topic topic, byte[] bytes) {
		if (SignalCodec.isSignal(bytes)) {
			Signal signal = SignalCodec.signal(topic, bytes);
			return (listener) -> listener.onSignal(signal);
		}
		TopicMessage message = MessageCodec.announced(topic, bytes);
		return (listener) -> listener.onMessage(message);
	}

	/** On the relay's thread. */
	void onReconnected() {
		Relay.Listener current = this.listener;
		try {
			if (current != null) {
				current.onReconnected();
			}
		}
		catch (Throwable ex) {
			logger.error("The listener failed on the reconnection", ex);
		}
	}

}

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

	private final Map<ByteBuffer, Wanted> topics = new ConcurrentHashMap<>();

	private final MalformedMessages malformed = new MalformedMessages();

	private volatile Relay.@Nullable Listener listener;

	Announcements(RedisKeys keys) {
		this.keys = keys;
	}

	void start(Relay.Listener listener) {
		this.listener = listener;
	}

	void want(Channel channel) {
		if (channel instanceof Channel.OfTopic known) {
			this.topics.put(ByteBuffer.wrap(this.keys.channel(known.topic())), new Wanted(known.topic(), false));
		}
	}

	void unwant(Channel channel) {
		if (channel instanceof Channel.OfTopic known) {
			this.topics.remove(ByteBuffer.wrap(this.keys.channel(known.topic())));
		}
	}

	/** Redis has confirmed the channel in the present session. On the I/O thread. */
	void confirmed(Channel channel) {
		if (channel instanceof Channel.OfTopic known) {
			this.topics.computeIfPresent(ByteBuffer.wrap(this.keys.channel(known.topic())),
					(name, wanted) -> new Wanted(wanted.topic(), true));
		}
	}

	/** The session is lost. */
	void nothingConfirmed() {
		this.topics.replaceAll((name, wanted) -> new Wanted(wanted.topic(), false));
	}

	/** On the I/O thread. */
	void onMessage(byte[] channel, byte[] bytes) {
		Wanted wanted = this.topics.get(ByteBuffer.wrap(channel));
		if (wanted != null) {
			tell(wanted.topic(), bytes);
		}
	}

	/** On the I/O thread. What comes by its name as well is left out here. */
	void onMatch(byte[] channel, byte[] bytes) {
		Wanted wanted = this.topics.get(ByteBuffer.wrap(channel));
		if (wanted != null && wanted.confirmed()) {
			return;
		}
		Topic topic = this.keys.topic(channel);
		if (topic != null && !SignalCodec.isSignal(bytes)) {
			tell(topic, bytes);
		}
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

	/**
	 * A topic whose channel is subscribed to.
	 *
	 * @param confirmed whether its messages come by the channel's name
	 */
	private record Wanted(Topic topic, boolean confirmed) {
	}

}

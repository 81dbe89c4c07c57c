package dev.realtime.relay.redis;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import dev.realtime.IllegalTopicException;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.codec.MalformedMessages;
import dev.realtime.codec.MessageCodec;
import dev.realtime.codec.SignalCodec;
import dev.realtime.loop.Environment;
import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;
import dev.realtime.relay.ListenerFailures;
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

	/** The same by the bytes of the name, for the channels of partitions. */
	private final Map<ByteBuffer, Wanted> names = new ConcurrentHashMap<>();

	/** Only where partitions have channels. */
	private final Set<TopicPattern> patterns = ConcurrentHashMap.newKeySet();

	private final MalformedMessages malformed;

	private final ListenerFailures failures;

	private volatile Relay.@Nullable Listener listener;

	Announcements(RedisKeys keys, Environment environment) {
		this.malformed = new MalformedMessages(environment);
		this.failures = new ListenerFailures(environment);
		this.keys = keys;
	}

	void start(Relay.Listener listener) {
		this.listener = listener;
	}

	void want(Channel channel) {
		if (channel instanceof Channel.OfTopic known) {
			Wanted wanted = new Wanted(known.topic(), false);
			this.topics.put(ByteBuffer.wrap(this.keys.channel(known.topic())), wanted);
			if (this.keys.channels() == Channels.PARTITIONS) {
				this.names.put(name(known.topic()), wanted);
			}
		}
		else if (channel instanceof Channel.OfPattern known) {
			this.patterns.add(known.pattern());
		}
	}

	void unwant(Channel channel) {
		if (channel instanceof Channel.OfTopic known) {
			this.topics.remove(ByteBuffer.wrap(this.keys.channel(known.topic())));
			this.names.remove(name(known.topic()));
		}
		else if (channel instanceof Channel.OfPattern known) {
			this.patterns.remove(known.pattern());
		}
	}

	private static ByteBuffer name(Topic topic) {
		return ByteBuffer.wrap(RedisLink.arg(topic.name()));
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
		else if (this.keys.channels().hasPartitions() && this.keys.isOfPartition(channel)) {
			onPartition(bytes);
		}
	}

	/** Most of what comes here is for other nodes: it must be cheap to leave out. */
	private void onPartition(byte[] bytes) {
		int end = 0;
		while (end < bytes.length && bytes[end] != '\n') {
			end++;
		}
		Wanted wanted = this.names.get(ByteBuffer.wrap(bytes, 0, end));
		if (wanted != null) {
			tell(wanted.topic(), Arrays.copyOfRange(bytes, end + 1, bytes.length));
		}
		else if (!this.patterns.isEmpty() && end < bytes.length) {
			onPattern(new String(bytes, 0, end, StandardCharsets.UTF_8),
					Arrays.copyOfRange(bytes, end + 1, bytes.length));
		}
	}

	private void onPattern(String name, byte[] bytes) {
		Topic topic;
		try {
			topic = Topic.of(name);
		}
		catch (IllegalTopicException ex) {
			logger.debug("Skipped a message of a topic with an illegal name", ex);
			return;
		}
		if (this.patterns.stream().anyMatch((pattern) -> pattern.matches(topic)) && !SignalCodec.isSignal(bytes)
				&& !comesByName(topic)) {
			tell(topic, bytes);
		}
	}

	private boolean comesByName(Topic topic) {
		Wanted wanted = this.topics.get(ByteBuffer.wrap(this.keys.channel(topic)));
		return wanted != null && wanted.confirmed();
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
			this.failures.onMessage(topic, ex);
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
			this.failures.onReconnected(ex);
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

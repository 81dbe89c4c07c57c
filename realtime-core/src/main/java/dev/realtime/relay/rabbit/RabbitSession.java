package dev.realtime.relay.rabbit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import dev.realtime.IllegalTopicException;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.relay.Incoming;
import dev.realtime.relay.RelaySession;
import dev.realtime.relay.Subscription;
import dev.realtime.relay.TopicWords;

/**
 * One connection to RabbitMQ with three channels: one with the queue of this session, one
 * with a queue of what that dropped ({@link DroppedNotices}), and one for announcements
 * ({@link Announcements}). The client's consumer thread calls the listener, one message
 * at a time.
 */
final class RabbitSession implements RelaySession {

	static final String TOPIC = "topic";

	/** A routing key has 255 bytes at most, and a pattern's ends with ".#". */
	private static final int LONGEST_KEY = 200;

	/** Messages on their way to this node; the others wait in the queue. */
	private static final int PREFETCH = 1_000;

	private final Connection connection;

	private final Channel channel;

	private final String queue;

	private final RabbitRelayOptions options;

	private final Announcements announcements;

	private final Events events;

	/** What each routing key is bound for; several subscriptions may share one. */
	private final Map<String, Set<Subscription>> bindings = new HashMap<>();

	private final AtomicBoolean closing = new AtomicBoolean();

	private RabbitSession(Connection connection, Channel channel, String queue, Announcements announcements,
			RabbitRelayOptions options, Events events) {
		this.connection = connection;
		this.channel = channel;
		this.queue = queue;
		this.announcements = announcements;
		this.options = options;
		this.events = events;
	}

	static RabbitSession open(Connection connection, RabbitRelayOptions options, Loops loops, Incoming incoming,
			Events events) throws IOException {
		Loop announcer = loops.loop("realtime-relay-announcer");
		try {
			return open(connection, options, announcer, incoming, events);
		}
		catch (IOException | RuntimeException ex) {
			announcer.close();
			throw ex;
		}
	}

	private static RabbitSession open(Connection connection, RabbitRelayOptions options, Loop announcer,
			Incoming incoming, Events events) throws IOException {
		Channel channel = connection.createChannel();
		channel.exchangeDeclare(options.exchange(), "topic", false, false, null);
		String notices = DroppedNotices.consume(connection, announcer, events::onDropped);
		String queue = channel
			.queueDeclare("", false, true, true,
					Map.of("x-max-length", options.queueLength(), "x-overflow", "drop-head", "x-dead-letter-exchange",
							"", "x-dead-letter-routing-key", notices))
			.getQueue();
		Announcements announcements = new Announcements(connection, options, announcer);
		RabbitSession session = new RabbitSession(connection, channel, queue, announcements, options, events);
		connection.addShutdownListener((cause) -> session.lost());
		channel.addShutdownListener((cause) -> session.lost());
		announcements.onLost(session::lost);
		channel.basicQos(PREFETCH);
		channel.basicConsume(queue, false, new DefaultConsumer(channel) {
			@Override
			public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
					throws IOException {
				if (!session.closing.get()) {
					Topic topic = topic(properties);
					if (topic != null) {
						incoming.once(topic, body);
					}
					channel.basicAck(envelope.getDeliveryTag(), false);
				}
			}

			@Override
			public void handleCancel(String tag) {
				session.lost();
			}
		});
		return session;
	}

	@Override
	public void subscribe(Subscription subscription) throws IOException {
		String key = key(subscription);
		if (this.bindings.computeIfAbsent(key, (each) -> new HashSet<>()).add(subscription)) {
			this.channel.queueBindNoWait(this.queue, this.options.exchange(), key, Map.of());
		}
	}

	@Override
	public void unsubscribe(Subscription subscription) throws IOException {
		String key = key(subscription);
		Set<Subscription> left = this.bindings.get(key);
		if (left != null && left.remove(subscription) && left.isEmpty()) {
			this.bindings.remove(key);
			this.channel.queueUnbind(this.queue, this.options.exchange(), key);
		}
	}

	/** A channel's commands are carried out in their order. */
	@Override
	public void confirm(Duration timeout) throws IOException {
		this.channel.queueDeclarePassive(this.queue);
	}

	@Override
	public CompletionStage<Void> publish(Topic topic, byte[] bytes) {
		return this.announcements.publish(key(topic), topic, bytes);
	}

	@Override
	public boolean isOpen() {
		return !this.closing.get() && this.channel.isOpen() && this.announcements.isOpen();
	}

	@Override
	public void close() {
		if (this.closing.compareAndSet(false, true)) {
			this.announcements.close();
			this.connection.abort(1_000);
		}
	}

	private void lost() {
		this.announcements.close();
		if (!this.closing.get()) {
			this.events.onLost();
		}
	}

	private static @org.jspecify.annotations.Nullable Topic topic(AMQP.BasicProperties properties) {
		Object name = (properties.getHeaders() != null) ? properties.getHeaders().get(TOPIC) : null;
		try {
			return (name != null) ? Topic.of(name.toString()) : null;
		}
		catch (IllegalTopicException ex) {
			return null;
		}
	}

	private static String key(Subscription subscription) {
		if (subscription.kind() == Subscription.Kind.TOPIC) {
			return key(subscription.topic());
		}
		TopicPattern pattern = subscription.pattern();
		String prefix = TopicWords.prefix(pattern);
		if (prefix == null) {
			return key(Topic.of(pattern.text()));
		}
		return prefix.isEmpty() ? "#" : cut(prefix) + ".#";
	}

	private static String key(Topic topic) {
		return cut(TopicWords.of(topic));
	}

	private static String cut(String words) {
		return (words.getBytes(StandardCharsets.UTF_8).length <= LONGEST_KEY) ? words : words.substring(0, LONGEST_KEY);
	}

}

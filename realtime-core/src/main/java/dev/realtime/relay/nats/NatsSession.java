package dev.realtime.relay.nats;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.loop.LogThrottle;
import dev.realtime.relay.Incoming;
import dev.realtime.relay.RelaySession;
import dev.realtime.relay.RelayUnavailableException;
import dev.realtime.relay.Subscription;
import dev.realtime.relay.TopicWords;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to NATS. One thread of the client, its dispatcher's, calls the listener.
 */
final class NatsSession implements RelaySession {

	/** Other threads may add messages between a look at the queue and an addition. */
	private static final int MARGIN = 10_000;

	private final Connection connection;

	private final Dispatcher dispatcher;

	private final NatsRelayOptions options;

	private final Incoming incoming;

	private final Events events;

	private final LogThrottle undelivered;

	private final String prefix;

	/** What each subject is subscribed to for; patterns may share one. */
	private final Map<String, Set<Subscription>> subjects = new HashMap<>();

	/** The topics of the subjects that are subscribed to by name. */
	private final Map<String, Topic> topics = new ConcurrentHashMap<>();

	private static final Logger logger = LoggerFactory.getLogger(NatsSession.class);

	private final AtomicBoolean closing = new AtomicBoolean();

	/** On the dispatcher's thread alone. */
	private long dropped;

	NatsSession(Connection connection, NatsRelayOptions options, Incoming incoming, Events events,
			LogThrottle undelivered) {
		this.undelivered = undelivered;
		this.connection = connection;
		this.options = options;
		this.incoming = incoming;
		this.events = events;
		this.prefix = options.prefix() + ".t.";
		this.dispatcher = connection.createDispatcher(this::onMessage);
		this.dispatcher.setPendingLimits(NatsSessions.MAX_OUTGOING, options.pendingBytes());
	}

	@Override
	public void subscribe(Subscription subscription) {
		String subject = subject(subscription);
		if (subscription.kind() == Subscription.Kind.TOPIC) {
			this.topics.put(subject, subscription.topic());
		}
		if (this.subjects.computeIfAbsent(subject, (key) -> new HashSet<>()).add(subscription)) {
			this.dispatcher.subscribe(subject);
		}
	}

	@Override
	public void unsubscribe(Subscription subscription) {
		String subject = subject(subscription);
		if (subscription.kind() == Subscription.Kind.TOPIC) {
			this.topics.remove(subject);
		}
		Set<Subscription> left = this.subjects.get(subject);
		if (left != null && left.remove(subscription) && left.isEmpty()) {
			this.subjects.remove(subject);
			this.dispatcher.unsubscribe(subject);
		}
	}

	@Override
	public void confirm(Duration timeout) throws Exception {
		this.connection.flush(timeout);
	}

	@Override
	public CompletionStage<Void> publish(Topic topic, byte[] bytes) {
		if (bytes.length > this.connection.getMaxPayload()) {
			return refused("NATS accepts messages of at most " + this.connection.getMaxPayload() + " bytes "
					+ "(max_payload of the server), and this one has " + bytes.length);
		}
		if (this.connection.outgoingPendingMessageCount() > NatsSessions.MAX_OUTGOING - MARGIN
				|| this.connection.outgoingPendingBytes() > this.options.pendingBytes()) {
			return refused("too many messages or bytes are waiting to be sent to NATS (realtime.relay.nats.pending)");
		}
		this.connection.publish(this.prefix + TopicWords.of(topic), bytes);
		return CompletableFuture.completedFuture(null);
	}

	/** What waits in the client, or in a socket, is lost with the connection. */
	@Override
	public boolean confirmsEachPublish() {
		return false;
	}

	@Override
	public boolean isOpen() {
		return !this.closing.get() && this.connection.getStatus() == Connection.Status.CONNECTED;
	}

	@Override
	public void close() {
		if (this.closing.compareAndSet(false, true)) {
			try {
				this.connection.close();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** On the dispatcher's thread, which would end with an error. */
	private void onMessage(Message message) {
		try {
			arrived(message);
		}
		catch (Throwable ex) {
			long since = this.undelivered.add();
			if (since > 0) {
				logger.error("Messages from NATS could not be delivered; missing messages are read from the log ({} "
						+ "failures since this was last logged)", since, ex);
			}
			this.events.onDropped();
		}
	}

	private void arrived(Message message) {
		String subject = message.getSubject();
		Topic topic = this.topics.get(subject);
		boolean byPattern = !subject.equals(message.getSubscription().getSubject());
		if (topic == null) {
			topic = TopicWords.topic(subject.substring(this.prefix.length()));
		}
		if (topic != null && !this.closing.get()) {
			if (byPattern) {
				this.incoming.byPattern(topic, message.getData());
			}
			else {
				this.incoming.once(topic, message.getData());
			}
		}
		long lost = this.dispatcher.getDroppedCount();
		if (lost != this.dropped) {
			this.dropped = lost;
			this.events.onDropped();
		}
	}

	private String subject(Subscription subscription) {
		if (subscription.kind() == Subscription.Kind.TOPIC) {
			return this.prefix + TopicWords.of(subscription.topic());
		}
		TopicPattern pattern = subscription.pattern();
		String words = TopicWords.prefix(pattern);
		if (words == null) {
			return this.prefix + TopicWords.of(Topic.of(pattern.text()));
		}
		return this.prefix + (words.isEmpty() ? "" : words + '.') + '>';
	}

	private static CompletionStage<Void> refused(String sentence) {
		return CompletableFuture.failedFuture(new RelayUnavailableException(sentence, null));
	}

}

package dev.realtime.broker;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the publishes of some topics pass one after the other. Numbering and storing
 * happen under its lock; announcing does not, because a listener may call anything: the
 * thread that finds the outbox idle empties it, in order, and the others go on.
 */
final class MemoryStripe {

	/** How many ids are remembered at one desk; beyond that the oldest is forgotten. */
	static final int MAX_IDS = 4_096;

	/** How many stored messages may wait for a slow listener. */
	static final int MAX_WAITING = 10_000;

	private static final Logger logger = LoggerFactory.getLogger(MemoryStripe.class);

	@GuardedBy("this")
	private final Map<Id, Remembered> ids = new LinkedHashMap<>();

	private final Queue<TopicMessage> outbox = new ConcurrentLinkedQueue<>();

	/** How many messages are in the outbox or being announced. */
	private final AtomicInteger waiting = new AtomicInteger();

	private final Consumer<TopicMessage> announce;

	MemoryStripe(Consumer<TopicMessage> announce) {
		this.announce = announce;
	}

	/**
	 * Publishes, unless the id is remembered.
	 * @param store numbers and stores the message
	 */
	PublishReceipt publish(Topic topic, @Nullable String id, long now, long windowMillis,
			Supplier<TopicMessage> store) {
		TopicMessage message;
		synchronized (this) {
			Id key = (id != null) ? new Id(topic, id) : null;
			Remembered first = (key != null) ? this.ids.get(key) : null;
			if (first != null && first.until > now) {
				return first.receipt;
			}
			if (this.waiting.get() >= MAX_WAITING) {
				throw PublishException.refused(topic,
						MAX_WAITING + " messages already wait to be delivered on this node; try again later", null);
			}
			message = store.get();
			if (key != null) {
				remember(key, new Remembered(receipt(message, true), now + windowMillis), now);
			}
			this.outbox.add(message);
		}
		drain();
		return receipt(message, false);
	}

	private void drain() {
		if (this.waiting.getAndIncrement() == 0) {
			do {
				TopicMessage next = this.outbox.poll();
				if (next != null) {
					announce(next);
				}
			}
			while (this.waiting.decrementAndGet() > 0);
		}
	}

	/** A message that cannot be announced must not keep the next ones waiting. */
	private void announce(TopicMessage message) {
		try {
			this.announce.accept(message);
		}
		catch (Throwable ex) {
			logger.error("Message {} of topic \"{}\" could not be announced", message.position(), message.topic(), ex);
		}
	}

	@GuardedBy("this")
	private void remember(Id key, Remembered value, long now) {
		this.ids.remove(key);
		Iterator<Remembered> oldest = this.ids.values().iterator();
		while (oldest.hasNext() && (oldest.next().until <= now || this.ids.size() >= MAX_IDS)) {
			oldest.remove();
		}
		this.ids.put(key, value);
	}

	private static PublishReceipt receipt(TopicMessage message, boolean duplicate) {
		return new PublishReceipt(message.topic(), message.position(), message.timestamp(), duplicate);
	}

	private record Id(Topic topic, String id) {
	}

	private record Remembered(PublishReceipt receipt, long until) {
	}

}

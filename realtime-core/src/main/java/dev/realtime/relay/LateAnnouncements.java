package dev.realtime.relay;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.loop.Environment;
import org.jspecify.annotations.Nullable;

/**
 * Of each topic, the last message that other nodes may not have heard of: the engine did
 * not take it, or its connection ended before the engine confirmed. It is announced when
 * the engine takes messages again. A node that gets it sees from its number that earlier
 * ones are missing, and reads them from the log; so one for each topic is enough.
 * <p>
 * Keeps {@value #MAX_TOPICS} topics and {@value #MAX_BYTES} bytes at most. Messages of
 * further topics are found by the comparison with the log. Any thread may call it.
 */
final class LateAnnouncements {

	static final int MAX_TOPICS = 10_000;

	static final long MAX_BYTES = 16L << 20;

	/** The round of what the engine does not have. */
	private static final long FAILED = Long.MAX_VALUE;

	/** Looking at all heads at each of many confirmations would cost too much. */
	private static final long FORGET_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Environment environment;

	@GuardedBy("this")
	private final Map<Topic, Head> heads = new HashMap<>();

	@GuardedBy("this")
	private long bytes;

	@GuardedBy("this")
	private long forgotNanos;

	/** Rises with each confirmation that begins, and each session that ends. */
	private volatile long round;

	LateAnnouncements(Environment environment) {
		this.environment = environment;
		this.forgotNanos = environment.nanoTime() - FORGET_PAUSE_NANOS;
	}

	long round() {
		return this.round;
	}

	/** Notes what goes on its way and is not confirmed by itself. */
	void sent(TopicMessage message, byte[] announcement) {
		put(message.topic(), new Head(message.position(), announcement, this.round));
	}

	/** Notes it again when a confirmation has begun before it was on its way. */
	synchronized void sentSince(long before, TopicMessage message, byte[] announcement) {
		Head known = this.heads.get(message.topic());
		boolean isLost = known != null && known.bytes == announcement && known.round == FAILED;
		if (this.round != before && !isLost) {
			sent(message, announcement);
		}
	}

	/** Notes what the engine did not take. */
	void failed(TopicMessage message, byte[] announcement) {
		put(message.topic(), new Head(message.position(), announcement, FAILED));
	}

	/**
	 * A confirmation begins.
	 * @return to be handed to {@link #confirmed}
	 */
	synchronized long confirming() {
		return this.round++;
	}

	/**
	 * The engine has everything that was on its way before, which is forgotten now or by
	 * a later one.
	 */
	synchronized void confirmed(long confirming) {
		long now = this.environment.nanoTime();
		if (now - this.forgotNanos < FORGET_PAUSE_NANOS) {
			return;
		}
		this.forgotNanos = now;
		Iterator<Head> each = this.heads.values().iterator();
		while (each.hasNext()) {
			Head head = each.next();
			if (head.round <= confirming) {
				each.remove();
				this.bytes -= head.bytes.length;
			}
		}
	}

	/** A session has ended, and with it what it had not confirmed. */
	synchronized void lost() {
		this.round++;
		this.heads.replaceAll((topic, head) -> new Head(head.position, head.bytes, FAILED));
	}

	/** Announces everything that failed; what fails again is kept. */
	void announce(RelaySession session) {
		List<Map.Entry<Topic, Head>> failed;
		synchronized (this) {
			failed = new ArrayList<>();
			this.heads.replaceAll((topic, head) -> {
				if (head.round != FAILED) {
					return head;
				}
				Head again = new Head(head.position, head.bytes, this.round);
				failed.add(Map.entry(topic, again));
				return again;
			});
		}
		failed.forEach((each) -> announce(session, each.getKey(), each.getValue()));
	}

	private void announce(RelaySession session, Topic topic, Head head) {
		try {
			var unused = session.publish(topic, head.bytes)
				.whenComplete((done, failure) -> settled(topic, head, failure == null && session.confirmsEachPublish(),
						failure != null));
		}
		catch (Throwable ex) {
			settled(topic, head, false, true);
		}
	}

	private synchronized void settled(Topic topic, Head head, boolean done, boolean failed) {
		if (this.heads.get(topic) != head) {
			if (failed) {
				put(topic, new Head(head.position, head.bytes, FAILED));
			}
		}
		else if (failed) {
			this.heads.put(topic, new Head(head.position, head.bytes, FAILED));
		}
		else if (done) {
			this.heads.remove(topic);
			this.bytes -= head.bytes.length;
		}
	}

	/** The later of two messages of a topic stays. */
	private synchronized void put(Topic topic, Head head) {
		Head known = this.heads.get(topic);
		if (known != null && known.position.epoch().equals(head.position.epoch())
				&& known.position.seq() > head.position.seq()) {
			return;
		}
		long after = this.bytes + head.bytes.length - length(known);
		if (after > MAX_BYTES || (known == null && this.heads.size() >= MAX_TOPICS)) {
			return;
		}
		this.heads.put(topic, head);
		this.bytes = after;
	}

	private static int length(@Nullable Head head) {
		return (head != null) ? head.bytes.length : 0;
	}

	/** A topic's last message, and when it went on its way. */
	private static final class Head {

		private final Position position;

		private final byte[] bytes;

		private final long round;

		Head(Position position, byte[] bytes, long round) {
			this.position = position;
			this.bytes = bytes;
			this.round = round;
		}

	}

}

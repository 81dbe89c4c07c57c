package dev.realtime.hub;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.delivery.Frame;
import dev.realtime.delivery.Gap;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of one connection to a pattern. It has a {@link Subscriber} for each
 * topic that it follows, all with its own id. Safe for any number of threads.
 * <p>
 * Whether it may follow a topic is the application's decision, and so is the topic's
 * policy: both are asked on the application's threads, one topic after the other. What is
 * published meanwhile is recovered from the log.
 */
final class PatternSubscriber implements Subscription {

	private static final Duration RETRY = Duration.ofMillis(100);

	final Connection connection;

	final PatternFeed feed;

	private final String id;

	private final PatternRequest request;

	/** By topic; without a subscriber while it is undecided, or when denied. */
	@GuardedBy("this")
	private final Map<Topic, Following> following = new HashMap<>();

	@GuardedBy("this")
	private final ArrayDeque<Following> undecided = new ArrayDeque<>();

	@GuardedBy("this")
	private boolean deciding;

	/** Whether its client was answered; no topic is decided before. */
	@GuardedBy("this")
	private boolean begun;

	@GuardedBy("this")
	private boolean opened;

	@GuardedBy("this")
	private boolean ended;

	PatternSubscriber(Connection connection, PatternFeed feed, PatternRequest request) {
		this.connection = connection;
		this.feed = feed;
		this.request = request;
		this.id = connection.hub.sharedId(request.id());
	}

	@Override
	public String id() {
		return this.id;
	}

	/** Who watches a pattern is no member of its topics. */
	@Override
	public boolean isOn(Topic topic) {
		return false;
	}

	@Override
	public boolean mayBring(TopicPattern pattern) {
		return this.request.pattern().overlaps(pattern);
	}

	@Override
	public void continueReplay() {
		subscribers().forEach(Subscriber::continueReplay);
	}

	@Override
	public void cancel() {
		this.connection.hub.patterns.unsubscribe(this);
	}

	synchronized boolean isEnded() {
		return this.ended;
	}

	/**
	 * Notes the positions that the client named. To be called before the feed tells of
	 * messages, since what is noted first of a topic counts.
	 */
	void resume() {
		this.request.resume().forEach(this::follow);
	}

	/**
	 * Answers the client, then decides about the topics to follow. To be called when the
	 * feed tells of messages already: a client that was answered lacks none.
	 */
	void begin() {
		String receipt = this.request.receipt();
		if (receipt != null) {
			PatternOutcome outcome = new PatternOutcome(this.request.pattern(), this.request.resuming(),
					this.request.resume().size());
			this.connection.execute(() -> this.connection.writer
				.enqueueUnowned(Frame.of(this.connection.hub.encoder.receipt(receipt, outcome))));
		}
		synchronized (this) {
			this.begun = true;
			this.deciding = !this.undecided.isEmpty();
			if (!this.deciding) {
				return;
			}
		}
		decide();
	}

	/** The connection waits for it no longer; idempotent. */
	void opened() {
		synchronized (this) {
			if (this.opened) {
				return;
			}
			this.opened = true;
		}
		this.connection.opened();
	}

	/**
	 * Follows a topic, if the client may read it and it is not followed yet.
	 * @param resume the position behind which it begins, or null for where live is
	 */
	void follow(Topic topic, @Nullable Position resume) {
		synchronized (this) {
			if (this.ended || this.following.containsKey(topic)) {
				return;
			}
			Following next = new Following(topic, resume);
			this.following.put(topic, next);
			this.undecided.add(next);
			if (this.deciding || !this.begun) {
				return;
			}
			this.deciding = true;
		}
		decide();
	}

	/** Follows a topic no longer that has been quiet; what its queue holds is written. */
	void forget(Topic topic) {
		Subscriber subscriber;
		synchronized (this) {
			Following known = this.following.remove(topic);
			subscriber = (known != null) ? known.subscriber : null;
		}
		if (subscriber != null) {
			this.connection.hub.retire(subscriber);
		}
	}

	/**
	 * Follows a topic no longer that the client may not read any more; no message of it
	 * is queued afterwards.
	 * @return false if it does not follow it by this subscriber
	 */
	boolean drop(Subscriber subscriber) {
		synchronized (this) {
			Following known = this.following.get(subscriber.topic());
			if (known == null || known.subscriber != subscriber) {
				return false;
			}
			known.subscriber = null;
		}
		subscriber.cancel();
		return true;
	}

	/** Says that a message does not come because too many topics are followed. */
	void left(TopicMessage message) {
		if (!isBegun()) {
			return;
		}
		this.connection.execute(() -> {
			if (!isEnded()) {
				this.connection.control((encoder) -> encoder.gap(new Gap(this.id, message.topic(),
						message.position().epoch(), message.seq(), message.seq(), Gap.TOO_MANY_TOPICS)));
			}
		});
	}

	/** Says that messages of topics that it does not follow may be missing. */
	void missedTopics() {
		if (!isBegun()) {
			return;
		}
		this.connection.execute(() -> {
			if (!isEnded()) {
				this.connection.control((encoder) -> encoder.patternGap(this.id, this.request.pattern()));
			}
		});
	}

	/** Ends all of it. */
	void end() {
		List<Subscriber> all;
		synchronized (this) {
			this.ended = true;
			all = subscribers();
			this.following.clear();
			this.undecided.clear();
		}
		all.forEach(Subscriber::cancel);
		opened();
	}

	private synchronized boolean isBegun() {
		return this.begun;
	}

	@Override
	public synchronized List<Subscriber> subscribers() {
		return this.following.values().stream().map((each) -> each.subscriber).filter(Objects::nonNull).toList();
	}

	/** Asks on the application's threads; again while those take nothing. */
	private void decide() {
		try {
			this.request.application().execute(this::decideAll);
		}
		catch (Throwable ex) {
			if (!isEnded()) {
				this.connection.hub.later(RETRY, this::decide);
			}
		}
	}

	private void decideAll() {
		for (Following next = next(); next != null; next = next()) {
			boolean mayRead = false;
			try {
				mayRead = this.request.mayRead().test(next.topic);
				if (mayRead) {
					join(next);
				}
			}
			catch (Throwable ex) {
				this.connection.shard.failed(ex);
				if (mayRead) {
					missedTopics();
				}
			}
		}
	}

	private synchronized @Nullable Following next() {
		Following next = this.undecided.poll();
		this.deciding = next != null;
		return next;
	}

	private void join(Following next) {
		Subscriber subscriber = this.connection.hub.byPattern(this.connection, this.id, next.topic);
		boolean wanted;
		synchronized (this) {
			wanted = !this.ended && this.following.get(next.topic) == next;
			if (wanted) {
				next.subscriber = subscriber;
			}
		}
		if (wanted) {
			subscriber.feed.join(subscriber,
					subscriber.entry(new SubscribeRequest(this.id, next.topic, next.resume, 0, null)));
		}
		else {
			subscriber.cancel();
		}
	}

	/** One topic. Its subscriber is guarded by the pattern's subscriber. */
	private static final class Following {

		final Topic topic;

		final @Nullable Position resume;

		@Nullable Subscriber subscriber;

		Following(Topic topic, @Nullable Position resume) {
			this.topic = topic;
			this.resume = resume;
		}

	}

}

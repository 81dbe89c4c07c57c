package dev.realtime.connection;

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
import dev.realtime.connection.SubscribeOutcome.Recovery;
import dev.realtime.delivery.Frame;
import dev.realtime.delivery.Gap;
import dev.realtime.feed.PatternFeed;
import dev.realtime.feed.PatternFollower;
import org.jspecify.annotations.Nullable;

/**
 * One subscription of one connection to a pattern. It has a {@link Subscriber} for each
 * topic that it follows, all with its own id. Safe for any number of threads.
 * <p>
 * Whether it may follow a topic is the application's decision, and so is the topic's
 * policy: both are asked on the application's threads, one topic after the other. What is
 * published meanwhile is recovered from the log.
 */
final class PatternSubscriber implements Subscription, PatternFollower {

	private static final Duration RETRY = Duration.ofMillis(100);

	final Connection connection;

	final PatternFeed feed;

	private final String id;

	private final PatternRequest request;

	/** Told when the client is answered, and forgotten then. */
	@GuardedBy("this")
	private @Nullable SubscribeListener listener;

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

	PatternSubscriber(String id, Connection connection, PatternFeed feed, PatternRequest request) {
		this.id = id;
		this.connection = connection;
		this.feed = feed;
		this.listener = request.listener();
		this.request = request.unobserved();
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
		end();
		this.connection.shared().subscribers.unsubscribe(this);
	}

	@Override
	public synchronized boolean hasEnded() {
		return this.ended;
	}

	@Override
	public void resume() {
		this.request.resume().forEach(this::follow);
	}

	/**
	 * Answers the client, then decides about the topics to follow. To be called when the
	 * feed tells of messages already: a client that was answered lacks none.
	 */
	@Override
	public void begin() {
		String receipt = this.request.receipt();
		if (receipt != null) {
			PatternOutcome outcome = new PatternOutcome(this.request.pattern(), this.request.resuming(),
					this.request.resume().size());
			this.connection.execute(() -> this.connection.writer
				.enqueueUnowned(Frame.of(this.connection.shared().encoder.receipt(receipt, outcome))));
		}
		SubscribeListener listener;
		synchronized (this) {
			listener = this.listener;
			this.listener = null;
		}
		if (listener != null) {
			this.connection.execute(() -> this.connection.shard.contain(() -> listener.answered(Recovery.NOT_ASKED)));
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

	@Override
	public void opened() {
		synchronized (this) {
			if (this.opened) {
				return;
			}
			this.opened = true;
		}
		this.connection.opened();
	}

	@Override
	public void follow(Topic topic, @Nullable Position resume) {
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

	/** What its queue holds is written. */
	@Override
	public void forget(Topic topic) {
		Subscriber subscriber;
		synchronized (this) {
			Following known = this.following.remove(topic);
			subscriber = (known != null) ? known.subscriber : null;
		}
		if (subscriber != null) {
			this.connection.shared().subscribers.retire(subscriber);
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

	@Override
	public void leftOut(TopicMessage message) {
		if (!isBegun()) {
			return;
		}
		this.connection.execute(() -> {
			if (!hasEnded()) {
				this.connection.control((encoder) -> encoder.gap(new Gap(this.id, message.topic(),
						message.position().epoch(), message.seq(), message.seq(), Gap.TOO_MANY_TOPICS)));
			}
		});
	}

	@Override
	public void missedTopics() {
		if (!isBegun()) {
			return;
		}
		this.connection.execute(() -> {
			if (!hasEnded()) {
				this.connection.control((encoder) -> encoder.patternGap(this.id, this.request.pattern()));
			}
		});
	}

	/** Ends all of it. */
	private void end() {
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

	@Override
	public void unavailable() {
		this.connection.close(CloseReason.UNAVAILABLE);
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
			if (!hasEnded()) {
				this.connection.shared().clock.after(RETRY, this::decide);
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
		Subscriber subscriber = this.connection.shared().subscribers.byPattern(this.connection, this.id, next.topic);
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

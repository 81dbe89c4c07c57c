package dev.realtime.feed;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * One pattern on one node. The relay brings the messages of all topics that match. The
 * first one of a topic makes the pattern's subscribers follow it: each becomes a
 * subscriber of the topic's own feed, in front of that message. Numbers, order and
 * repairs are the topic's from then on, as for any other subscriber, and further messages
 * only keep the topic from being forgotten.
 * <p>
 * At most {@link FeedOptions#patternTopics()} topics are followed. One that has been
 * quiet for {@link #QUIET} makes room for another; without room, each subscriber is told
 * of each message that it does not get. Internal to the engine.
 */
public final class PatternFeed {

	/** A topic without a message for so long may be forgotten. */
	static final Duration QUIET = Duration.ofSeconds(60);

	private static final Duration RETRY = Duration.ofSeconds(1);

	private final Feeds owner;

	private final TopicPattern pattern;

	/** Whether topics are matched against it; see {@link PatternFeeds}. */
	volatile boolean matched;

	/**
	 * Subscriptions that keep the feed alive; guarded by the map of {@link PatternFeeds}.
	 */
	int references;

	/** The topics that are followed, the quietest first, each with its last message. */
	@GuardedBy("this")
	private final Map<Topic, Heard> followed = new LinkedHashMap<>(16, 0.75f, true);

	@GuardedBy("this")
	private final Set<PatternFollower> live = new LinkedHashSet<>();

	/** Those that wait for the relay. */
	@GuardedBy("this")
	private final WaitingSubscribers<PatternFollower, PatternFeed> waiting;

	@GuardedBy("this")
	private boolean inForce;

	@GuardedBy("this")
	private boolean closed;

	PatternFeed(Feeds owner, TopicPattern pattern) {
		this.owner = owner;
		this.waiting = new WaitingSubscribers<>(owner.clock.environment());
		this.pattern = pattern;
	}

	TopicPattern pattern() {
		return this.pattern;
	}

	/** Whether the pattern leads to the topic. Never to the engine's own ones. */
	boolean matches(Topic topic) {
		return this.pattern.matches(topic) && (!topic.isReserved() || sameReservedWord(topic));
	}

	/** Subscribes to the relay, again until it has confirmed. */
	void open() {
		this.owner.clock.listen(this.owner.calls.subscribe(this.pattern), (done, failure) -> opened(failure));
	}

	void close() {
		synchronized (this) {
			this.closed = true;
			this.followed.clear();
		}
		this.owner.clock.listen(this.owner.calls.unsubscribe(this.pattern), (done, failure) -> {
		});
	}

	/** Lets the subscriber begin, now or when the relay has confirmed. */
	public void join(PatternFollower subscriber) {
		synchronized (this) {
			if (subscriber.hasEnded()) {
				subscriber.opened();
				return;
			}
			if (!this.inForce) {
				this.waiting.add(subscriber, this);
				watchWaiting();
				return;
			}
		}
		begin(List.of(subscriber));
	}

	/** The subscriber has ended. */
	public void leave(PatternFollower subscriber) {
		synchronized (this) {
			boolean unused = this.waiting.remove(subscriber);
			this.live.remove(subscriber);
		}
	}

	/** On the relay's thread. */
	void onMessage(TopicMessage message) {
		long now = this.owner.clock.environment().nanoTime();
		@Nullable Topic forgotten = null;
		boolean room = true;
		List<PatternFollower> subscribers;
		synchronized (this) {
			if (heardBefore(message, now) || this.live.isEmpty()) {
				return;
			}
			if (this.followed.size() >= this.owner.options.patternTopics()) {
				forgotten = forgetQuietest(now);
				room = forgotten != null;
			}
			if (room) {
				this.followed.put(message.topic(), new Heard(message.position(), now));
			}
			subscribers = List.copyOf(this.live);
		}
		Position before = message.position().withSeq(message.seq() - 1);
		for (PatternFollower subscriber : subscribers) {
			if (forgotten != null) {
				subscriber.forget(forgotten);
			}
			if (room) {
				subscriber.follow(message.topic(), before);
			}
			else {
				subscriber.leftOut(message);
			}
		}
	}

	/** Topics that are not followed may have had messages meanwhile. */
	void onReconnected() {
		List<PatternFollower> subscribers;
		synchronized (this) {
			subscribers = List.copyOf(this.live);
		}
		subscribers.forEach(PatternFollower::missedTopics);
	}

	private void opened(@Nullable Throwable failure) {
		List<PatternFollower> begin;
		synchronized (this) {
			if (this.closed || this.inForce) {
				return;
			}
			if (failure != null) {
				Feeds.failedForNow(this.pattern.text(), failure);
				this.owner.clock.after(RETRY, this::open);
				return;
			}
			this.inForce = true;
			begin = List.copyOf(this.waiting.removeAll().keySet());
		}
		begin(begin);
	}

	private void begin(List<PatternFollower> subscribers) {
		for (PatternFollower subscriber : subscribers) {
			subscriber.resume();
			Map<Topic, Position> topics = new LinkedHashMap<>();
			synchronized (this) {
				// One that has left meanwhile follows nothing.
				if (!subscriber.hasEnded()) {
					this.live.add(subscriber);
				}
				this.followed.forEach((topic, heard) -> topics.put(topic, heard.last()));
			}
			// What comes while the topics are decided is recovered.
			topics.forEach(subscriber::follow);
			subscriber.begin();
			subscriber.opened();
		}
	}

	@GuardedBy("this")
	private void watchWaiting() {
		Duration next = this.waiting.watch(this.owner.options.openTimeout());
		if (next != null) {
			this.owner.clock.after(next, this::closeExpired);
		}
	}

	private void closeExpired() {
		List<PatternFollower> expired;
		synchronized (this) {
			expired = this.waiting.removeExpired(this.owner.options.openTimeout());
			watchWaiting();
		}
		expired.forEach(PatternFollower::unavailable);
	}

	/** Notes a message of a topic that is followed; returns false for any other. */
	@GuardedBy("this")
	private boolean heardBefore(TopicMessage message, long now) {
		Heard heard = this.followed.get(message.topic());
		if (heard == null) {
			return false;
		}
		boolean late = heard.last().sameEpoch(message.position()) && heard.last().seq() > message.seq();
		this.followed.put(message.topic(), new Heard(late ? heard.last() : message.position(), now));
		return true;
	}

	@GuardedBy("this")
	private @Nullable Topic forgetQuietest(long now) {
		Iterator<Map.Entry<Topic, Heard>> all = this.followed.entrySet().iterator();
		if (!all.hasNext()) {
			return null;
		}
		Map.Entry<Topic, Heard> quietest = all.next();
		if (now - quietest.getValue().nanos() < QUIET.toNanos()) {
			return null;
		}
		Topic topic = quietest.getKey();
		all.remove();
		return topic;
	}

	/** A wildcard stands for no part of the word that a reserved name begins with. */
	private boolean sameReservedWord(Topic topic) {
		String name = topic.name();
		return this.pattern.text().startsWith(name.substring(0, name.indexOf('.') + 1));
	}

	/**
	 * What was heard of a topic that is followed.
	 *
	 * @param last the highest position
	 * @param nanos when the last message came
	 */
	private record Heard(Position last, long nanos) {
	}

}

package dev.realtime.feed;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * The feeds of the patterns that a node's connections are subscribed to. A node without
 * any pays one look at an empty map for each message.
 */
final class PatternFeeds {

	/** So many topics are remembered with the patterns that they match. */
	private static final int MAX_KNOWN = 10_000;

	private final Feeds owner;

	private final Map<TopicPattern, PatternFeed> feeds = new ConcurrentHashMap<>();

	/** Which feeds a topic belongs to; replaced when a feed comes or goes. */
	private volatile Map<Topic, List<PatternFeed>> known = new ConcurrentHashMap<>();

	PatternFeeds(Feeds owner) {
		this.owner = owner;
	}

	/** How many different patterns are subscribed to. */
	int size() {
		return this.feeds.size();
	}

	/** On the relay's thread, before the topic's own feed gets the message. */
	void onMessage(TopicMessage message) {
		if (this.feeds.isEmpty()) {
			return;
		}
		for (PatternFeed feed : matching(message.topic())) {
			// those who follow the topic by its name get it whatever happens here
			boolean unused = this.owner.clock.contain(() -> feed.onMessage(message));
		}
	}

	/** Anything may have been missed. Topics that are followed are compared by others. */
	void onReconnected() {
		this.feeds.values().forEach((feed) -> this.owner.clock.contain(feed::onReconnected));
	}

	private List<PatternFeed> matching(Topic topic) {
		Map<Topic, List<PatternFeed>> now = this.known;
		List<PatternFeed> found = now.get(topic);
		if (found == null) {
			found = this.feeds.values().stream().filter((feed) -> feed.matches(topic)).toList();
			if (now.size() >= MAX_KNOWN) {
				now.clear();
			}
			now.put(topic, found);
		}
		return found;
	}

	/**
	 * Holds the pattern's feed, which is opened for its first holder.
	 * @return null when no further pattern is followed
	 */
	@Nullable PatternFeed retain(TopicPattern pattern) {
		if (this.feeds.size() >= this.owner.options.maxPatterns() && !this.feeds.containsKey(pattern)) {
			return null;
		}
		PatternFeed retained = Objects.requireNonNull(this.feeds.compute(pattern, (key, before) -> {
			PatternFeed feed = (before != null) ? before : new PatternFeed(this.owner, pattern);
			feed.references++;
			if (before == null) {
				feed.open();
			}
			return feed;
		}));
		if (!retained.matched) {
			changed();
			retained.matched = true;
		}
		return retained;
	}

	/** Holds it no longer; without a holder it is closed a while later. */
	void release(PatternFeed feed) {
		this.feeds.computeIfPresent(feed.pattern(), (pattern, known) -> {
			if (known == feed && --feed.references == 0) {
				this.owner.clock.after(this.owner.options.linger(), () -> removeUnused(feed));
			}
			return known;
		});
	}

	private void removeUnused(PatternFeed feed) {
		this.feeds.computeIfPresent(feed.pattern(), (pattern, known) -> {
			if (known != feed || feed.references > 0) {
				return known;
			}
			feed.close();
			return null;
		});
		changed();
	}

	private void changed() {
		this.known = new ConcurrentHashMap<>();
	}

}

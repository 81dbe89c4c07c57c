package dev.realtime.hub;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;

/**
 * The patterns that a node's connections are subscribed to. A node without any pays one
 * look at an empty map for each message.
 */
final class Patterns {

	/** So many topics are remembered with the patterns that they match. */
	private static final int MAX_KNOWN = 10_000;

	private final Hub hub;

	private final Map<TopicPattern, PatternFeed> feeds = new ConcurrentHashMap<>();

	/** Which feeds a topic belongs to; replaced when a feed comes or goes. */
	private volatile Map<Topic, List<PatternFeed>> known = new ConcurrentHashMap<>();

	Patterns(Hub hub) {
		this.hub = hub;
	}

	/** How many different patterns are subscribed to. */
	int size() {
		return this.feeds.size();
	}

	/**
	 * Subscribes.
	 * @throws SubscribeException when the id is in use or a limit is reached
	 */
	void subscribe(Connection connection, PatternRequest request) {
		PatternFeed feed = retain(request.pattern());
		PatternSubscriber subscriber = new PatternSubscriber(connection, feed, request);
		try {
			connection.subscriptions.add(subscriber);
		}
		catch (Throwable ex) {
			release(feed);
			throw ex;
		}
		this.hub.stats.subscriptions.increment();
		feed.join(subscriber);
	}

	void unsubscribe(PatternSubscriber subscriber) {
		this.hub.stats.subscriptions.decrement();
		subscriber.feed.leave(subscriber);
		release(subscriber.feed);
	}

	/** On the relay's thread, before the topic's own feed gets the message. */
	void onMessage(TopicMessage message) {
		if (this.feeds.isEmpty()) {
			return;
		}
		for (PatternFeed feed : matching(message.topic())) {
			// those who follow the topic by its name get it whatever happens here
			boolean unused = this.hub.timer.contain(() -> feed.onMessage(message));
		}
	}

	/** Anything may have been missed. Topics that are followed are compared by others. */
	void onReconnected() {
		this.feeds.values().forEach((feed) -> this.hub.timer.contain(feed::onReconnected));
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

	private PatternFeed retain(TopicPattern pattern) {
		if (this.feeds.size() >= this.hub.options.maxPatterns() && !this.feeds.containsKey(pattern)) {
			throw new SubscribeException("too-many-patterns", "The connections of this server are subscribed to "
					+ this.hub.options.maxPatterns() + " different patterns, the most allowed; try again later");
		}
		PatternFeed retained = Objects.requireNonNull(this.feeds.compute(pattern, (key, before) -> {
			PatternFeed feed = (before != null) ? before : new PatternFeed(this.hub, pattern);
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

	private void release(PatternFeed feed) {
		this.feeds.computeIfPresent(feed.pattern(), (pattern, known) -> {
			if (known == feed && --feed.references == 0) {
				this.hub.later(this.hub.options.linger(), () -> removeUnused(feed));
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

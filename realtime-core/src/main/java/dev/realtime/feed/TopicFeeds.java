package dev.realtime.feed;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feeds of a node: one for each topic that has local subscribers, or had some a few
 * seconds ago. Their references change only inside the map's own updates. Safe for any
 * number of threads.
 */
final class TopicFeeds {

	private static final Logger logger = LoggerFactory.getLogger(TopicFeeds.class);

	private final Feeds owner;

	private final Map<Topic, TopicFeed> feeds = new ConcurrentHashMap<>();

	TopicFeeds(Feeds owner) {
		this.owner = owner;
	}

	@Nullable TopicFeed find(Topic topic) {
		return this.feeds.get(topic);
	}

	/** A live view. */
	Collection<TopicFeed> all() {
		return Collections.unmodifiableCollection(this.feeds.values());
	}

	/** Holds the topic's feed, which is opened for its first holder. */
	TopicFeed retain(Topic topic) {
		TopicFeed retained = this.feeds.compute(topic, (key, known) -> {
			TopicFeed feed = (known != null) ? known : new TopicFeed(this.owner, topic);
			feed.references++;
			if (known == null) {
				feed.open();
			}
			return feed;
		});
		return Objects.requireNonNull(retained);
	}

	/** Holds it no longer; without a holder it is closed a while later. */
	void release(TopicFeed feed) {
		this.feeds.computeIfPresent(feed.topic(), (topic, known) -> {
			if (known == feed && --feed.references == 0) {
				this.owner.clock.after(this.owner.options.linger(), () -> removeUnused(feed));
			}
			return known;
		});
	}

	private void removeUnused(TopicFeed feed) {
		this.feeds.computeIfPresent(feed.topic(), (topic, known) -> {
			if (known != feed || feed.references > 0) {
				return known;
			}
			feed.close();
			this.owner.clock.listen(this.owner.calls.unsubscribe(topic), (done, failure) -> {
				if (failure != null) {
					logger.debug("Could not unsubscribe from {}", topic, failure);
				}
			});
			return null;
		});
	}

}

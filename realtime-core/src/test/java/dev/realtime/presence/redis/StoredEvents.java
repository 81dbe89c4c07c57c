package dev.realtime.presence.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.log.LogPage;
import dev.realtime.log.TopicLog;
import dev.realtime.log.redis.RedisTopicLog;
import dev.realtime.presence.PresenceTopics;
import dev.realtime.presence.PublishedEvents;
import dev.realtime.redis.Numbering;
import dev.realtime.redis.RedisKeys;
import dev.realtime.redis.RedisLink;

/**
 * The events in the logs of the presence topics; those of earlier epochs too, as far as
 * they were read before.
 */
public final class StoredEvents extends PublishedEvents {

	private static final int PAGE = 500;

	private final Map<Topic, Stored> topics = new ConcurrentHashMap<>();

	private final TopicLog log;

	/** Over a link that is not closed here. */
	public StoredEvents(RedisLink link, RedisKeys keys) {
		this.log = new RedisTopicLog(new Numbering(link, keys, Duration.ofDays(30)));
	}

	@Override
	public List<String> on(Topic topic) {
		Stored stored = this.topics.computeIfAbsent(topic, (key) -> new Stored());
		synchronized (stored) {
			LogPage page = read(topic, stored);
			while (page instanceof LogPage.Found found && stored.add(found)) {
				page = read(topic, stored);
			}
			if (page instanceof LogPage.Lost lost) {
				stored.position = new Position(lost.head().epoch(), lost.first() - 1);
				return on(topic);
			}
			return List.copyOf(stored.events);
		}
	}

	private LogPage read(Topic topic, Stored stored) {
		return this.log.read(PresenceTopics.of(topic), stored.position, PAGE)
			.toCompletableFuture()
			.orTimeout(5, TimeUnit.SECONDS)
			.join();
	}

	private static final class Stored {

		private final List<String> events = new CopyOnWriteArrayList<>();

		private Position position = new Position("none", 0);

		/** Returns whether there is more. */
		private boolean add(LogPage.Found page) {
			for (TopicMessage message : page.messages()) {
				this.events.add(PublishedEvents.read(message.content()));
			}
			this.position = page.through();
			return page.hasMore();
		}

	}

}

package dev.realtime.connection;

import java.util.Objects;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.feed.Feeds;
import dev.realtime.feed.PatternFeed;
import dev.realtime.feed.TopicFeed;
import dev.realtime.loop.Loop;

/**
 * Begins and ends the subscribers of connections: each holds a feed, counts, and is
 * reported to the listener. Safe for any number of threads.
 */
final class SubscriberLifecycle {

	private final Feeds feeds;

	private final TopicPolicies policies;

	private final ConnectionListener listener;

	private final ConnectionStats stats;

	private final Loop clock;

	private final SharedIds ids = new SharedIds();

	SubscriberLifecycle(Feeds feeds, TopicPolicies policies, ConnectionListener listener, ConnectionStats stats,
			Loop clock) {
		this.feeds = feeds;
		this.policies = policies;
		this.listener = listener;
		this.stats = stats;
		this.clock = clock;
	}

	/**
	 * Subscribes to a topic.
	 * @throws SubscribeException when the id is in use or a limit is reached
	 */
	Subscriber subscribe(Connection connection, SubscribeRequest request) {
		TopicPolicy policy = policy(request.topic());
		TopicFeed feed = this.feeds.retain(request.topic());
		Subscriber subscriber = new Subscriber(this.ids.of(request.id()), connection, feed, policy, false);
		try {
			connection.subscriptions.add(subscriber);
		}
		catch (Throwable ex) {
			this.feeds.release(feed);
			throw ex;
		}
		this.stats.subscriptions.increment();
		feed.join(subscriber, subscriber.entry(request));
		return subscriber;
	}

	/**
	 * Subscribes to a pattern.
	 * @throws SubscribeException when the id is in use or a limit is reached
	 */
	void subscribe(Connection connection, PatternRequest request) {
		PatternFeed feed = this.feeds.retain(request.pattern());
		if (feed == null) {
			throw new SubscribeException("too-many-patterns", "The connections of this server are subscribed to "
					+ this.feeds.maxPatterns() + " different patterns, the most allowed; try again later");
		}
		PatternSubscriber subscriber = new PatternSubscriber(this.ids.of(request.id()), connection, feed, request);
		try {
			connection.subscriptions.add(subscriber);
		}
		catch (Throwable ex) {
			this.feeds.release(feed);
			throw ex;
		}
		this.stats.subscriptions.increment();
		feed.join(subscriber);
	}

	/**
	 * Makes a pattern's subscriber of one topic. It is not one of the connection's
	 * subscriptions, and nothing happens before it joins.
	 * @param id the pattern's subscription id
	 */
	Subscriber byPattern(Connection connection, String id, Topic topic) {
		TopicPolicy policy = policy(topic);
		return new Subscriber(id, connection, this.feeds.retain(topic), policy, true);
	}

	/** The application's answer, which is asked for before anything is held for it. */
	private TopicPolicy policy(Topic topic) {
		try {
			return Objects.requireNonNull(this.policies.of(topic), "TopicPolicies returned null");
		}
		catch (Throwable ex) {
			this.clock.failed(ex);
			throw new SubscribeException("subscribe-failed", "The subscription failed on the server", ex);
		}
	}

	/** The subscription is live. On its shard. */
	void live(Subscriber subscriber) {
		subscriber.connection.shard.contain(() -> this.listener.onLive(subscriber));
	}

	/**
	 * Ends a subscription on its shard first: the feed, which hears of it afterwards,
	 * hands no message over to the shard behind one that it has left out.
	 */
	void unsubscribe(Subscriber subscriber) {
		try {
			leave(subscriber, () -> {
				if (subscriber.end()) {
					subscriber.connection.shard.contain(() -> this.listener.onEnd(subscriber));
				}
			});
		}
		finally {
			if (!subscriber.isByPattern()) {
				this.stats.subscriptions.decrement();
			}
		}
	}

	/**
	 * Ends a pattern's subscriber of one topic that has been quiet; what its queue holds
	 * is written.
	 */
	void retire(Subscriber subscriber) {
		leave(subscriber, () -> {
			subscriber.retire();
			subscriber.connection.shard.contain(() -> this.listener.onEnd(subscriber));
		});
	}

	/** Ends a subscription to a pattern, which has taken leave of its topics. */
	void unsubscribe(PatternSubscriber subscriber) {
		this.stats.subscriptions.decrement();
		subscriber.feed.leave(subscriber);
		this.feeds.release(subscriber.feed);
	}

	private void leave(Subscriber subscriber, Runnable onShard) {
		try {
			subscriber.connection.execute(onShard);
		}
		finally {
			subscriber.feed.leave(subscriber);
			this.feeds.release(subscriber.feed);
		}
	}

}

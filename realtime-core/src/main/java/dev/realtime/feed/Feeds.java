package dev.realtime.feed;

import java.time.Duration;
import java.util.Collection;

import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPattern;
import dev.realtime.broker.Broker;
import dev.realtime.delivery.Delivery;
import dev.realtime.loop.Loop;
import dev.realtime.relay.Relay;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's feeds, one for each topic and pattern that is followed, and what they share.
 * Safe for any number of threads; no method blocks. Internal to the engine.
 */
public final class Feeds implements Relay.Listener {

	private static final Logger logger = LoggerFactory.getLogger(Feeds.class);

	final FeedOptions options;

	final BrokerCalls calls;

	final Delivery delivery;

	final FeedStats stats;

	final Loop clock;

	private final TopicFeeds topics = new TopicFeeds(this);

	private final PatternFeeds patterns = new PatternFeeds(this);

	private final LogComparison comparison;

	/**
	 * Makes feeds that follow nothing.
	 * @param broker what they subscribe to and read from; not closed by them
	 * @param delivery what they hand messages over to
	 * @param clock runs timers, and what has to be contained
	 */
	public Feeds(FeedOptions options, Broker broker, Delivery delivery, FeedStats stats, Loop clock) {
		this.options = options;
		this.calls = new BrokerCalls(broker, clock.environment());
		this.delivery = delivery;
		this.stats = stats;
		this.clock = clock;
		this.comparison = new LogComparison(this.calls, this.topics.all(), clock);
	}

	/** Starts the periodic comparison with the log. */
	public void start() {
		this.clock.every(Duration.ofSeconds(1), () -> this.calls.expire(this.clock.environment().nanoTime()));
		this.clock.every(this.options.checkInterval(), this.comparison::start);
		this.clock.every(LogComparison.WHILE_AWAY, this.comparison::startUnlessConnected);
	}

	/** The door to the broker, for recoveries. */
	public BrokerCalls calls() {
		return this.calls;
	}

	/** The topic's feed, or null while it is not followed. */
	public @Nullable TopicFeed find(Topic topic) {
		return this.topics.find(topic);
	}

	/** The feeds of all topics that are followed; a live view. */
	public Collection<TopicFeed> topics() {
		return this.topics.all();
	}

	/** Different patterns that are followed. */
	public int patterns() {
		return this.patterns.size();
	}

	/** How many different patterns are followed at most. */
	public int maxPatterns() {
		return this.options.maxPatterns();
	}

	/** Holds the topic's feed, which is opened for its first holder. */
	public TopicFeed retain(Topic topic) {
		return this.topics.retain(topic);
	}

	/** Holds it no longer; without a holder it is closed a while later. */
	public void release(TopicFeed feed) {
		this.topics.release(feed);
	}

	/**
	 * Holds the pattern's feed, which is opened for its first holder.
	 * @return null when {@link #maxPatterns()} others are followed
	 */
	public @Nullable PatternFeed retain(TopicPattern pattern) {
		return this.patterns.retain(pattern);
	}

	/** Holds it no longer; without a holder it is closed a while later. */
	public void release(PatternFeed feed) {
		this.patterns.release(feed);
	}

	@Override
	public void onMessage(TopicMessage message) {
		this.patterns.onMessage(message);
		TopicFeed feed = find(message.topic());
		if (feed != null) {
			this.stats.relayed(message, this.clock);
			if (message.content().hasJourney()) {
				this.delivery.journeys().received(message);
			}
			feed.onMessage(message);
		}
	}

	@Override
	public void onSignal(Signal signal) {
		TopicFeed feed = find(signal.topic());
		if (feed != null) {
			feed.onSignal(signal);
		}
	}

	@Override
	public void onReconnected() {
		this.comparison.startAnew(RepairCause.RELAY_LOST);
		this.patterns.onReconnected();
	}

	@Override
	public void onDropped() {
		this.comparison.startAnew(RepairCause.DROPPED);
		this.patterns.onReconnected();
	}

	/** What names a topic or a pattern, which the broker could not serve. */
	static void failedForNow(String name, @Nullable Throwable failure) {
		logger.debug("{} could not be read or subscribed to; trying again", name, failure);
	}

}

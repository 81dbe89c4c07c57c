package dev.realtime.hub;

import java.time.Duration;

import dev.realtime.connection.ConnectionOptions;
import dev.realtime.feed.FeedOptions;

/**
 * The bounds and times of a hub.
 *
 * @param shards number of delivery shards, about one a core
 * @param queueMessages frames that may wait for one connection
 * @param queueBytes bytes that may wait for one connection
 * @param maxSubscriptions subscriptions of one connection
 * @param patternTopics topics that one subscription to a pattern follows at once; 0 for
 * no such subscriptions
 * @param maxPatterns different patterns that a node's connections are subscribed to
 * @param maxReplay messages that one recovery may replay; beyond it is {@code too-many}
 * @param pageSize messages read from the log at once, at most 1,000
 * @param sharedReplayBytes about how many bytes of pages that were read for recoveries
 * are kept for some seconds, for others that lack the same
 * @param logReads how many reads of the log for clients may be under way
 * @param logReadsWaiting how many more may wait; beyond it they are refused
 * @param linger how long a topic's relay subscription outlives its last local subscriber
 * @param checkInterval how often positions are compared with the log's
 * @param openTimeout how long a subscriber waits for relay and log to answer before it is
 * sent away with 1013
 * @param writeTimeout how long a socket may take nothing before it is closed
 */
public record HubOptions(int shards, int queueMessages, int queueBytes, int maxSubscriptions, int patternTopics,
		int maxPatterns, int maxReplay, int pageSize, long sharedReplayBytes, int logReads, int logReadsWaiting,
		Duration linger, Duration checkInterval, Duration openTimeout, Duration writeTimeout) {

	/**
	 * The documented defaults, with a shard for every second core, rounded up. The
	 * kernel's part of a write, reading and the application need the others: on two cores
	 * that ran the clients as well, one shard delivered more for each processor second
	 * than two did (docs/performance.md).
	 */
	public static final HubOptions DEFAULT = new HubOptions((Runtime.getRuntime().availableProcessors() + 1) / 2, 1_000,
			1 << 20, 200, 1_000, 100, 5_000, 500, 16L << 20, 64, 10_000, Duration.ofSeconds(10), Duration.ofSeconds(10),
			Duration.ofSeconds(10), Duration.ofSeconds(30));

	/** Returns those of the feeds. */
	FeedOptions feeds() {
		return new FeedOptions(this.patternTopics, this.maxPatterns, this.pageSize, this.linger, this.checkInterval,
				this.openTimeout);
	}

	/** Returns those of the connections. */
	ConnectionOptions connections() {
		return new ConnectionOptions(this.queueMessages, this.queueBytes, this.maxSubscriptions, this.maxReplay,
				this.pageSize, this.sharedReplayBytes, this.writeTimeout);
	}

	/** Returns a builder that starts from {@link #DEFAULT}. */
	public static Builder builder() {
		return DEFAULT.toBuilder();
	}

	/** Returns a builder that starts from these options. */
	public Builder toBuilder() {
		return new Builder(this);
	}

	/**
	 * Builds options; for one thread. Each method sets the component of its name; what is
	 * not set stays as it started.
	 */
	public static final class Builder {

		private int shards;

		private int queueMessages;

		private int queueBytes;

		private int maxSubscriptions;

		private int patternTopics;

		private int maxPatterns;

		private int maxReplay;

		private int pageSize;

		private long sharedReplayBytes;

		private int logReads;

		private int logReadsWaiting;

		private Duration linger;

		private Duration checkInterval;

		private Duration openTimeout;

		private Duration writeTimeout;

		private Builder(HubOptions start) {
			this.shards = start.shards;
			this.queueMessages = start.queueMessages;
			this.queueBytes = start.queueBytes;
			this.maxSubscriptions = start.maxSubscriptions;
			this.patternTopics = start.patternTopics;
			this.maxPatterns = start.maxPatterns;
			this.maxReplay = start.maxReplay;
			this.pageSize = start.pageSize;
			this.sharedReplayBytes = start.sharedReplayBytes;
			this.logReads = start.logReads;
			this.logReadsWaiting = start.logReadsWaiting;
			this.linger = start.linger;
			this.checkInterval = start.checkInterval;
			this.openTimeout = start.openTimeout;
			this.writeTimeout = start.writeTimeout;
		}

		public Builder shards(int shards) {
			this.shards = shards;
			return this;
		}

		public Builder queueMessages(int queueMessages) {
			this.queueMessages = queueMessages;
			return this;
		}

		public Builder queueBytes(int queueBytes) {
			this.queueBytes = queueBytes;
			return this;
		}

		public Builder maxSubscriptions(int maxSubscriptions) {
			this.maxSubscriptions = maxSubscriptions;
			return this;
		}

		public Builder patternTopics(int patternTopics) {
			this.patternTopics = patternTopics;
			return this;
		}

		public Builder maxPatterns(int maxPatterns) {
			this.maxPatterns = maxPatterns;
			return this;
		}

		public Builder maxReplay(int maxReplay) {
			this.maxReplay = maxReplay;
			return this;
		}

		public Builder pageSize(int pageSize) {
			this.pageSize = pageSize;
			return this;
		}

		public Builder sharedReplayBytes(long sharedReplayBytes) {
			this.sharedReplayBytes = sharedReplayBytes;
			return this;
		}

		public Builder logReads(int logReads) {
			this.logReads = logReads;
			return this;
		}

		public Builder logReadsWaiting(int logReadsWaiting) {
			this.logReadsWaiting = logReadsWaiting;
			return this;
		}

		public Builder linger(Duration linger) {
			this.linger = linger;
			return this;
		}

		public Builder checkInterval(Duration checkInterval) {
			this.checkInterval = checkInterval;
			return this;
		}

		public Builder openTimeout(Duration openTimeout) {
			this.openTimeout = openTimeout;
			return this;
		}

		public Builder writeTimeout(Duration writeTimeout) {
			this.writeTimeout = writeTimeout;
			return this;
		}

		/** Returns the options. */
		public HubOptions build() {
			return new HubOptions(this.shards, this.queueMessages, this.queueBytes, this.maxSubscriptions,
					this.patternTopics, this.maxPatterns, this.maxReplay, this.pageSize, this.sharedReplayBytes,
					this.logReads, this.logReadsWaiting, this.linger, this.checkInterval, this.openTimeout,
					this.writeTimeout);
		}

	}

}

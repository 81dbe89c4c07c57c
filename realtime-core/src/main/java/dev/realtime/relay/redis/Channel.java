package dev.realtime.relay.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.redis.RedisKeys;

/**
 * What the relay subscribes to: the channel of a topic, the channels of a pattern, or the
 * channel of a partition.
 */
sealed interface Channel {

	/** A name in the slot of what carries it. */
	byte[] name(RedisKeys keys);

	CompletableFuture<Void> subscribe(RelaySession session, RedisKeys keys);

	CompletionStage<Void> unsubscribe(RelaySession session, RedisKeys keys);

	/** One topic's channel. */
	record OfTopic(Topic topic) implements Channel {

		@Override
		public byte[] name(RedisKeys keys) {
			return keys.channel(this.topic);
		}

		@Override
		public CompletableFuture<Void> subscribe(RelaySession session, RedisKeys keys) {
			return session.subscribe(keys.channel(this.topic));
		}

		@Override
		public CompletionStage<Void> unsubscribe(RelaySession session, RedisKeys keys) {
			return session.unsubscribe(keys.channel(this.topic));
		}

		@Override
		public String toString() {
			return this.topic.toString();
		}

	}

	/** The channel of a partition. */
	record OfPartition(int number) implements Channel {

		@Override
		public byte[] name(RedisKeys keys) {
			return keys.channel(this.number);
		}

		@Override
		public CompletableFuture<Void> subscribe(RelaySession session, RedisKeys keys) {
			return session.subscribe(keys.channel(this.number));
		}

		@Override
		public CompletionStage<Void> unsubscribe(RelaySession session, RedisKeys keys) {
			return session.unsubscribe(keys.channel(this.number));
		}

		@Override
		public String toString() {
			return "partition " + this.number;
		}

	}

	/** The channels of all topics that match. */
	record OfPattern(TopicPattern pattern) implements Channel {

		@Override
		public byte[] name(RedisKeys keys) {
			return keys.channels(this.pattern);
		}

		@Override
		public CompletableFuture<Void> subscribe(RelaySession session, RedisKeys keys) {
			return session.subscribeAll(keys.channels(this.pattern));
		}

		@Override
		public CompletionStage<Void> unsubscribe(RelaySession session, RedisKeys keys) {
			return session.unsubscribeAll(keys.channels(this.pattern));
		}

		@Override
		public String toString() {
			return this.pattern.text();
		}

	}

}

package dev.realtime.relay.redis;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

import dev.realtime.redis.Channels;
import dev.realtime.redis.RedisKeys;

/**
 * Which channels carry what a node wants: those of topics and patterns themselves, or
 * those of partitions. Confined to the relay's thread.
 */
final class Carriers {

	private final RedisKeys keys;

	private final Channels channels;

	/** The channels of all partitions. */
	private final List<Channel> partitions;

	private final Set<Channel> patterns = new HashSet<>();

	Carriers(RedisKeys keys) {
		this.keys = keys;
		this.channels = keys.channels();
		this.partitions = IntStream.range(0, keys.partitions().count())
			.<Channel>mapToObj(Channel.OfPartition::new)
			.toList();
	}

	/** What is subscribed to whatever is wanted. */
	List<Channel> always() {
		return (this.channels == Channels.PARTITIONS) ? this.partitions : List.of();
	}

	/** What carries it, and must be subscribed to. */
	List<Channel> want(Channel channel) {
		if (channel instanceof Channel.OfPattern && this.channels.hasPartitions()) {
			this.patterns.add(channel);
			return this.partitions;
		}
		if (channel instanceof Channel.OfTopic known && this.channels == Channels.PARTITIONS) {
			return List.of(this.partitions.get(this.keys.partitions().of(known.topic())));
		}
		return List.of(channel);
	}

	/** What is no longer needed without it. */
	List<Channel> unwant(Channel channel) {
		return switch (this.channels) {
			case TOPICS -> List.of(channel);
			case PARTITIONS -> List.of();
			case BOTH -> (channel instanceof Channel.OfPattern) ? withoutPattern(channel) : List.of(channel);
		};
	}

	private List<Channel> withoutPattern(Channel channel) {
		return (this.patterns.remove(channel) && this.patterns.isEmpty()) ? this.partitions : List.of();
	}

}

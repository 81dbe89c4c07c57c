package dev.realtime.testing;

import java.time.Duration;

import dev.realtime.hub.HubOptions;

/** Options of a hub whose bounds a test reaches soon and whose times are short. */
public final class SmallHub {

	/** One shard; tests change what they are about. */
	public static final HubOptions OPTIONS = HubOptions.builder()
		.shards(1)
		.queueMessages(100)
		.queueBytes(64 * 1024)
		.maxSubscriptions(5)
		.patternTopics(50)
		.maxPatterns(10)
		.pageSize(50)
		.sharedReplayBytes(1 << 20)
		.logReadsWaiting(1_000)
		.linger(Duration.ofMillis(50))
		.checkInterval(Duration.ofMillis(100))
		.openTimeout(Duration.ofSeconds(2))
		.build();

	private SmallHub() {
	}

}

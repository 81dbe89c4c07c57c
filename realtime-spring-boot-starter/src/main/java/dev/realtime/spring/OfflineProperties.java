package dev.realtime.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.offline}: messages to users who are not connected, for the
 * application's {@code OfflineHandler}s.
 *
 * @param queue most messages to users of which it is not known yet whether the user is
 * connected, or which wait for a handler; more are dropped and counted
 * @param threads how many threads of this node call the handlers
 */
@ConfigurationProperties("realtime.offline")
public record OfflineProperties(@DefaultValue("10000") int queue, @DefaultValue("4") int threads) {

	public OfflineProperties {
		PropertyBounds.range("realtime.offline.queue", queue, 1, 100_000);
		PropertyBounds.range("realtime.offline.threads", threads, 1, 1_000);
	}

}

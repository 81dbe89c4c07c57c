package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.unread}: read positions and unread counts, with
 * {@code realtime.log=jdbc}.
 *
 * @param pushInterval how often this node looks whether what is unread has changed for
 * the clients that want to be told; a client is told of one topic at most once in this
 * time
 */
public record UnreadProperties(@DefaultValue("500ms") Duration pushInterval) {

	public UnreadProperties {
		PropertyBounds.positive("realtime.unread.push-interval", pushInterval);
		PropertyBounds.atLeast("realtime.unread.push-interval", pushInterval, Duration.ofMillis(50),
				"must be 50ms to 1d");
	}

}

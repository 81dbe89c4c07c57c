package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.typing}: who types.
 *
 * @param maxMembers on topics with more members nobody is told who types; 0 means on none
 * @param interval a connection tells at most once in this time that its user types on a
 * topic; what it says more often is dropped
 */
public record TypingProperties(@DefaultValue("100") int maxMembers, @DefaultValue("1s") Duration interval) {

	public TypingProperties {
		PropertyBounds.range("realtime.typing.max-members", maxMembers, 0, 1_000_000);
		PropertyBounds.positiveOrZero("realtime.typing.interval", interval);
	}

}

package dev.realtime.spring;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.audit}: what is said about refusals.
 *
 * @param queue most events of refusals that wait for the application's listeners; more
 * are dropped and counted
 * @param logInterval how often a kind of refusal is logged at most; 0 means never
 */
public record AuditProperties(@DefaultValue("1000") int queue, @DefaultValue("1m") Duration logInterval) {

	public AuditProperties {
		PropertyBounds.range("realtime.audit.queue", queue, 1, 100_000);
		PropertyBounds.positiveOrZero("realtime.audit.log-interval", logInterval);
	}

}

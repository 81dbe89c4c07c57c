package dev.realtime.spring;

import java.time.Duration;

import dev.realtime.balance.BalanceOptions;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code realtime.drain.rebalance}: how a node that has more connections than others
 * sends some of its clients to them, after new nodes have come.
 *
 * @param clientsPerMinute how many clients a node sends away in any minute at most; 0
 * means that it sends none, and is not compared with others
 * @param threshold how far above the mean of all nodes a node must be before it begins,
 * in percent of the mean
 * @param after how long it must be, with the same nodes in the fleet
 * @param minAge connections that were opened less than this ago stay, so no client is
 * sent away twice within it
 * @param interval how often nodes tell each other how many connections they have
 */
@ConfigurationProperties("realtime.drain.rebalance")
public record RebalanceProperties(@DefaultValue("0") int clientsPerMinute, @DefaultValue("10") int threshold,
		@DefaultValue("1m") Duration after, @DefaultValue("10m") Duration minAge,
		@DefaultValue("5s") Duration interval) {

	private static final String PREFIX = "realtime.drain.rebalance.";

	public RebalanceProperties {
		PropertyBounds.range(PREFIX + "clients-per-minute", clientsPerMinute, 0, 10_000_000);
		PropertyBounds.range(PREFIX + "threshold", threshold, 0, 1_000);
		PropertyBounds.positiveOrZero(PREFIX + "after", after);
		PropertyBounds.positiveOrZero(PREFIX + "min-age", minAge);
		PropertyBounds.check(interval.toMillis() >= 100 && interval.compareTo(Duration.ofMinutes(1)) <= 0,
				PREFIX + "interval", PropertyBounds.text(interval), "must be 100ms to 60s");
	}

	/** The same, for the engine, where it is on. */
	public BalanceOptions options() {
		return new BalanceOptions(this.clientsPerMinute, this.threshold, this.after, this.minAge, this.interval);
	}

}

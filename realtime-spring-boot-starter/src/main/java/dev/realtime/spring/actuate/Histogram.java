package dev.realtime.spring.actuate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.realtime.TopicMessage;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;

/**
 * A histogram of durations, in every registry that it was bound to. Safe for any number
 * of threads.
 */
final class Histogram {

	/** From a message on one machine to the two seconds that a fleet is designed for. */
	private static final Duration[] BUCKETS = { Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(5),
			Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100),
			Duration.ofMillis(250), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2),
			Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30) };

	private final String name;

	private final String description;

	private final List<Tag> tags;

	private final List<Timer> timers = new CopyOnWriteArrayList<>();

	Histogram(String name, String description, List<Tag> tags) {
		this.name = name;
		this.description = description;
		this.tags = tags;
	}

	/**
	 * From now on the registry has what is recorded. A registry returns the timer that it
	 * has already.
	 */
	void bindTo(MeterRegistry registry) {
		this.timers.add(Timer.builder(this.name)
			.description(this.description)
			.tags(this.tags)
			.serviceLevelObjectives(BUCKETS)
			.register(registry));
	}

	void record(long nanos) {
		for (Timer timer : this.timers) {
			timer.record(nanos, TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * Records how old a message is. The clocks of the store and of this node may differ,
	 * so that is never below 0.
	 */
	void recordAge(TopicMessage message, long nowMillis) {
		record(ageNanos(message, nowMillis));
	}

	static long ageNanos(TopicMessage message, long nowMillis) {
		return TimeUnit.MILLISECONDS.toNanos(Math.max(0, nowMillis - message.timestamp()));
	}

}

package dev.realtime.spring.actuate;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;

/**
 * A histogram of durations for each value of one tag that occurs, in every registry that
 * it was bound to. There are at most so many values; further ones are recorded as
 * {@value #OTHER}. Safe for any number of threads.
 */
final class TaggedHistogram {

	static final String OTHER = "other";

	private final String name;

	private final String description;

	private final String key;

	private final int most;

	private final List<Tag> tags;

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	private final Map<String, Histogram> byValue = new ConcurrentHashMap<>();

	/**
	 * Makes one that no registry has.
	 * @param key of the tag
	 * @param most different values
	 * @param tags that all of its histograms have
	 */
	TaggedHistogram(String name, String description, String key, int most, Tag... tags) {
		this.name = name;
		this.description = description;
		this.key = key;
		this.most = most;
		this.tags = List.of(tags);
	}

	/** From now on the registry has what is recorded. */
	synchronized void bindTo(MeterRegistry registry) {
		this.registries.add(registry);
		this.byValue.values().forEach((histogram) -> histogram.bindTo(registry));
	}

	void record(String value, long nanos) {
		Histogram known = this.byValue.get(value);
		((known != null) ? known : add(value)).record(nanos);
	}

	private synchronized Histogram add(String value) {
		String tag = (this.byValue.size() < this.most) ? value : OTHER;
		return this.byValue.computeIfAbsent(tag, this::histogram);
	}

	private Histogram histogram(String value) {
		Histogram made = new Histogram(this.name, this.description,
				Stream.concat(this.tags.stream(), Stream.of(Tag.of(this.key, value))).toList());
		this.registries.forEach(made::bindTo);
		return made;
	}

}

package dev.realtime.test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** What was published during one test method. */
final class Publications implements Consumer<PublishedMessage> {

	private final PublicationLog log;

	private final Monitor monitor = new Monitor();

	/** Guarded by the monitor. */
	private final List<PublishedMessage> messages = new ArrayList<>();

	Publications(PublicationLog log) {
		this.log = log;
	}

	@Override
	public void accept(PublishedMessage message) {
		this.monitor.change(() -> this.messages.add(message));
	}

	List<PublishedMessage> all() {
		return this.monitor.read(() -> List.copyOf(this.messages));
	}

	<T> T await(Duration patience, Supplier<@Nullable T> wanted, Supplier<String> failure) {
		return this.monitor.await(patience, wanted, failure);
	}

	void close() {
		this.log.remove(this);
	}

}

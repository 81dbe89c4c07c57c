package dev.realtime.test;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the application has published since the test method began: by
 * {@code @TopicPublisher}, {@code SimpMessagingTemplate}, {@code @SendTo} or
 * {@code RealtimePublisher}, and what clients sent straight to topics. A
 * {@link RealtimeTest} gives it to a method as parameter. A message is here once it is
 * stored; one of a transaction once that is committed. Signals are no messages. Safe for
 * any number of threads.
 * <p>
 * It is a list for AssertJ: {@code assertThat(published.on("order.42")).hasSize(1)}.
 */
public final class PublishedMessages implements Iterable<PublishedMessage>, AutoCloseable {

	private final Publications publications;

	private final Predicate<PublishedMessage> chosen;

	private final String what;

	private final Duration patience;

	PublishedMessages(Publications publications) {
		this(publications, (message) -> true, "any topic", ClientSettings.PATIENCE);
	}

	private PublishedMessages(Publications publications, Predicate<PublishedMessage> chosen, String what,
			Duration patience) {
		this.publications = publications;
		this.chosen = chosen;
		this.what = what;
		this.patience = patience;
	}

	/** Returns those on this topic, now and later. */
	public PublishedMessages on(String topic) {
		return new PublishedMessages(this.publications,
				(message) -> this.chosen.test(message) && message.topic().name().equals(topic), topic, this.patience);
	}

	/** Returns the same messages, whose {@code await} waits so long at most. */
	public PublishedMessages withTimeout(Duration timeout) {
		return new PublishedMessages(this.publications, this.chosen, this.what, timeout);
	}

	/** Returns what was published until now, in that order. */
	public List<PublishedMessage> all() {
		return this.publications.all().stream().filter(this.chosen).toList();
	}

	/** Returns their payloads as text. */
	public List<String> texts() {
		return all().stream().map(PublishedMessage::text).toList();
	}

	/**
	 * Waits until a message that matches is published, for what is published on another
	 * thread.
	 */
	public PublishedMessage await(Predicate<? super PublishedMessage> wanted) {
		return this.publications.await(this.patience,
				() -> all().stream().<PublishedMessage>map((each) -> each).filter(wanted).findFirst().orElse(null),
				() -> "No message that matches was published on " + this.what + " within "
						+ Durations.text(this.patience) + ". Published: " + this.publications.all());
	}

	@Override
	public Iterator<PublishedMessage> iterator() {
		return all().iterator();
	}

	/** Notes nothing any more; the test does it at its end. */
	@Override
	public void close() {
		this.publications.close();
	}

	@Override
	public String toString() {
		return "published on " + this.what + ": " + all();
	}

}

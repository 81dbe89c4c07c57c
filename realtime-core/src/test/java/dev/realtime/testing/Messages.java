package dev.realtime.testing;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Signal;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.TopicPolicy;
import dev.realtime.log.LogPage;
import dev.realtime.relay.Relay;
import org.assertj.core.api.Assertions;

/** What tests publish, and a listener that keeps what it hears. */
public final class Messages {

	private static final AtomicInteger counter = new AtomicInteger();

	private Messages() {
	}

	/** A topic that no other test uses. */
	public static Topic topic() {
		return Topic.of("test." + Integer.toHexString(System.identityHashCode(counter)) + '.'
				+ Long.toHexString(System.nanoTime()) + '.' + counter.incrementAndGet());
	}

	public static Publication text(Topic topic, String text) {
		return Publication.of(topic, Content.text(text));
	}

	public static TopicPolicy keep(int size, Duration time) {
		return TopicPolicy.builder().history(size, time).build();
	}

	/** The page, which must be a found one. */
	public static LogPage.Found found(LogPage page) {
		Assertions.assertThat(page).isInstanceOf(LogPage.Found.class);
		return (LogPage.Found) page;
	}

	/** The answer, which must be a lost one. */
	public static LogPage.Lost lost(LogPage page) {
		Assertions.assertThat(page).isInstanceOf(LogPage.Lost.class);
		return (LogPage.Lost) page;
	}

	/** The numbers of the messages, in their order. */
	public static List<Long> seqs(List<TopicMessage> messages) {
		return messages.stream().map(TopicMessage::seq).toList();
	}

	/** Keeps what it hears. */
	public static final class Heard implements Relay.Listener {

		private final List<TopicMessage> messages = new CopyOnWriteArrayList<>();

		private final List<Signal> signals = new CopyOnWriteArrayList<>();

		private final AtomicInteger reconnections = new AtomicInteger();

		private volatile Consumer<TopicMessage> reaction = (message) -> {
		};

		/** Does this with every message, after it was kept. */
		public Heard reacting(Consumer<TopicMessage> reaction) {
			this.reaction = reaction;
			return this;
		}

		@Override
		public void onMessage(TopicMessage message) {
			this.messages.add(message);
			this.reaction.accept(message);
		}

		@Override
		public void onSignal(Signal signal) {
			this.signals.add(signal);
		}

		@Override
		public void onReconnected() {
			this.reconnections.incrementAndGet();
		}

		public List<TopicMessage> messages() {
			return this.messages;
		}

		public List<Signal> signals() {
			return this.signals;
		}

		public List<String> texts() {
			return this.messages.stream().map((message) -> message.content().text()).toList();
		}

		public int reconnections() {
			return this.reconnections.get();
		}

	}

}

package dev.realtime.relay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.loop.Environment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LateAnnouncementsTests {

	private final LateAnnouncements late = new LateAnnouncements(Environment.system());

	private final RecordingSession session = new RecordingSession();

	@Test
	void ofEachTopicTheLastFailedMessageIsAnnouncedOnce() {
		failed("a", 1);
		failed("a", 3);
		failed("a", 2);
		failed("b", 1);
		this.late.announce(this.session);
		assertThat(this.session.published).containsExactlyInAnyOrder("a 3", "b 1");

		this.late.announce(this.session);
		assertThat(this.session.published).hasSize(2);
	}

	@Test
	void whatFailsAgainIsAnnouncedAgain() {
		failed("a", 1);
		this.session.takes = false;
		this.late.announce(this.session);
		this.session.takes = true;
		this.late.announce(this.session);
		assertThat(this.session.published).containsExactly("a 1", "a 1");
	}

	@Test
	void whatASessionHadNotConfirmedWhenItEndedIsAnnounced() {
		sent("confirmed", 1);
		long confirming = this.late.confirming();
		sent("since", 1);
		this.late.confirmed(confirming);
		this.late.lost();
		this.late.announce(this.session);
		assertThat(this.session.published).containsExactly("since 1");
	}

	@Test
	void whatWasNotedBeforeAConfirmationAndSentAfterItIsNotTakenForConfirmed() {
		TopicMessage message = message("a", 1);
		byte[] bytes = bytes(message);
		long round = this.late.round();
		this.late.sent(message, bytes);
		long confirming = this.late.confirming();
		this.late.sentSince(round, message, bytes);
		this.late.confirmed(confirming);
		this.late.lost();
		this.late.announce(this.session);
		assertThat(this.session.published).containsExactly("a 1");
	}

	@Test
	void whatWasNotedOnASessionThatEndedStaysLost() {
		TopicMessage message = message("a", 1);
		byte[] bytes = bytes(message);
		long round = this.late.round();
		this.late.sent(message, bytes);
		this.late.lost();
		this.late.sentSince(round, message, bytes);
		this.late.confirmed(this.late.confirming());
		this.late.announce(this.session);
		assertThat(this.session.published).containsExactly("a 1");
	}

	@Test
	void rule8_topicsAndBytesAreBounded() {
		IntStream.rangeClosed(0, LateAnnouncements.MAX_TOPICS).forEach((i) -> failed("t" + i, 1));
		this.late.announce(this.session);
		assertThat(this.session.published).hasSize(LateAnnouncements.MAX_TOPICS);

		LateAnnouncements large = new LateAnnouncements(Environment.system());
		for (int i = 0; i < 20; i++) {
			large.failed(message("t" + i, 1), new byte[1 << 20]);
		}
		RecordingSession other = new RecordingSession();
		large.announce(other);
		assertThat(other.published).hasSize((int) (LateAnnouncements.MAX_BYTES >> 20));
	}

	private void failed(String topic, long seq) {
		this.late.failed(message(topic, seq), bytes(message(topic, seq)));
	}

	private void sent(String topic, long seq) {
		this.late.sent(message(topic, seq), bytes(message(topic, seq)));
	}

	private static TopicMessage message(String topic, long seq) {
		return new TopicMessage(Topic.of(topic), new Position("epoch", seq), 0, "id", Content.text("x"), null, 0);
	}

	private static byte[] bytes(TopicMessage message) {
		return Long.toString(message.seq()).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
	}

	/**
	 * Takes what is published, or nothing; fakes an engine that confirms each publish.
	 */
	private static final class RecordingSession implements RelaySession {

		private final List<String> published = new ArrayList<>();

		private boolean takes = true;

		@Override
		public CompletionStage<Void> publish(Topic topic, byte[] bytes) {
			this.published.add(topic.name() + ' ' + new String(bytes, java.nio.charset.StandardCharsets.US_ASCII));
			return this.takes ? CompletableFuture.completedFuture(null)
					: CompletableFuture.failedFuture(new RelayUnavailableException("no", null));
		}

		@Override
		public void subscribe(Subscription subscription) {
		}

		@Override
		public void unsubscribe(Subscription subscription) {
		}

		@Override
		public void confirm(Duration timeout) {
		}

		@Override
		public boolean isOpen() {
			return true;
		}

		@Override
		public void close() {
		}

	}

}

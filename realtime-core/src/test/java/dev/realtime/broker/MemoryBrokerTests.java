package dev.realtime.broker;

import java.time.Duration;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.sequence.MemorySequence;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.testing.MovableClock;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemoryBrokerTests extends BrokerContract {

	private final MovableClock clock = new MovableClock();

	@Override
	protected Broker create() {
		return new MemoryBroker(this.clock);
	}

	@Override
	protected boolean isFleet() {
		return false;
	}

	@Override
	protected void after(Duration time, ThrowingRunnable assertion) {
		this.clock.move(time);
		Await.until(assertion);
	}

	@Test
	void aListenerMayPublish() {
		Topic other = Messages.topic();
		this.heard.reacting((message) -> {
			if (message.seq() < 3) {
				broker().publish(Messages.text(message.topic(), "answer"), TopicPolicy.DEFAULT);
				broker().publish(Messages.text(other, "elsewhere"), TopicPolicy.DEFAULT);
			}
		});
		Await.result(broker().subscribe(this.topic));

		publish("question");

		assertThat(Messages.seqs(this.heard.messages())).containsExactly(1L, 2L, 3L);
	}

	@Test
	void rule8_manyNewTopicsDoNotTakeTheNumbersOfATopicThatIsFollowed() {
		Await.result(broker().subscribe(this.topic));
		Position before = publish("before").position();
		for (int i = 0; i <= MemorySequence.DEFAULT_MAX_TOPICS; i++) {
			Await.result(broker().sequence().current(Topic.of("new." + i)));
		}

		assertThat(publish("after").position()).isEqualTo(before.withSeq(before.seq() + 1));
	}

}

package dev.realtime.bench.trial;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is known of a topic's messages. */
class TopicTests {

	private final Topic topic = new Topic(3);

	@Test
	void aMessageThatNobodyGotIsNamed() {
		publish(3);
		this.topic.got(1, 11);
		this.topic.got(3, 13);
		assertThat(this.topic.unknownAfter(0)).isOne();
		assertThat(this.topic.firstUnknownAfter(0)).isEqualTo(2);
		assertThat(this.topic.isKnownAfter(2)).isTrue();
	}

	@Test
	void aRefusedMessageIsExpectedOnlyIfSomeoneGotIt() {
		publish(2);
		this.topic.notExpected(1);
		this.topic.notExpected(2);
		this.topic.got(2, 8);
		assertThat(this.topic.isKnownAfter(0)).isTrue();
		assertThat(this.topic.sorted()).containsExactly(8);
	}

	@Test
	void theNumberThatTheFirstClientSawIsTheOneForAll() {
		publish(1);
		assertThat(this.topic.got(1, 5)).isEqualTo(5);
		assertThat(this.topic.got(1, 9)).isEqualTo(5);
	}

	@Test
	void theFirstMessageOfAHoleIsFound() {
		publish(40);
		// An application may publish in another order than it was asked to.
		this.topic.got(30, 2);
		this.topic.got(31, 1);
		assertThat(this.topic.firstBetween(0, 3)).isEqualTo(31);
		assertThat(this.topic.firstBetween(2, 9)).isZero();
		assertThat(this.topic.highest()).isEqualTo(2);
	}

	@Test
	void aPhaseForgetsTheMessagesBefore() {
		publish(2);
		this.topic.beginPhase();
		assertThat(this.topic.isOfThisPhase(2)).isFalse();
		assertThat(this.topic.publish()).isEqualTo(3);
		assertThat(this.topic.firstUnknownAfter(0)).isEqualTo(3);
		assertThat(this.topic.sorted()).isEmpty();
	}

	private void publish(int count) {
		for (int i = 1; i <= count; i++) {
			assertThat(this.topic.publish()).isEqualTo(i);
		}
	}

}

package dev.realtime.sequence;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemorySequenceTests extends SequenceContract {

	private static final SecureRandom RANDOM = new SecureRandom();

	private final MemorySequence sequence = new MemorySequence(MemorySequence.DEFAULT_MAX_TOPICS, (topic) -> false,
			(topic, epoch) -> {
			}, RANDOM);

	@Override
	protected SequenceService sequence() {
		return this.sequence;
	}

	@Test
	void theTopicThatWasNotUsedLongestIsForgottenAndBeginsANewEpoch() {
		List<String> forgotten = new ArrayList<>();
		MemorySequence two = new MemorySequence(2, (topic) -> false,
				(topic, epoch) -> forgotten.add(topic + "/" + epoch), RANDOM);
		Position a = two.take(Topic.of("a"));
		two.take(Topic.of("b"));
		two.take(Topic.of("a"));
		two.take(Topic.of("c"));
		two.take(Topic.of("d"));

		assertThat(forgotten).hasSize(2).element(1).isEqualTo("a/" + a.epoch());
		assertThat(two.take(Topic.of("a"))).satisfies((again) -> assertThat(again.seq()).isEqualTo(1))
			.satisfies((again) -> assertThat(again.sameEpoch(a)).isFalse());
	}

	@Test
	void rule8_manyNewTopicsDoNotTakeTheNumbersOfATopicInUse() {
		Topic followed = Topic.of("followed");
		MemorySequence ten = new MemorySequence(10, followed::equals, (topic, epoch) -> {
		}, RANDOM);
		Position before = ten.take(followed);
		for (int i = 0; i < 1_000; i++) {
			ten.latest(Topic.of("new." + i));
		}

		assertThat(ten.known(followed)).isEqualTo(before);
		assertThat(ten.known(Topic.of("new.0"))).isNull();
		assertThat(ten.known(Topic.of("new.999"))).isNotNull();
	}

	@Test
	void whereAllTopicsAreInUseNoneIsForgotten() {
		MemorySequence two = new MemorySequence(2, (topic) -> true, (topic, epoch) -> {
			throw new AssertionError(topic);
		}, RANDOM);
		Position a = two.take(Topic.of("a"));
		for (int i = 0; i < 100; i++) {
			two.take(Topic.of("topic." + i));
		}

		assertThat(two.known(Topic.of("a"))).isEqualTo(a);
	}

}

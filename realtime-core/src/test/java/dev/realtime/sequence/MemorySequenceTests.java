package dev.realtime.sequence;

import java.util.ArrayList;
import java.util.List;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MemorySequenceTests extends SequenceContract {

	private final MemorySequence sequence = new MemorySequence();

	@Override
	protected SequenceService sequence() {
		return this.sequence;
	}

	@Test
	void theTopicThatWasNotUsedLongestIsForgottenAndBeginsANewEpoch() {
		List<String> forgotten = new ArrayList<>();
		MemorySequence two = new MemorySequence(2, (topic, epoch) -> forgotten.add(topic + "/" + epoch));
		Position a = two.take(Topic.of("a"));
		two.take(Topic.of("b"));
		two.take(Topic.of("a"));
		two.take(Topic.of("c"));
		two.take(Topic.of("d"));

		assertThat(forgotten).hasSize(2).element(1).isEqualTo("a/" + a.epoch());
		assertThat(two.take(Topic.of("a"))).satisfies((again) -> assertThat(again.seq()).isEqualTo(1))
			.satisfies((again) -> assertThat(again.sameEpoch(a)).isFalse());
	}

}

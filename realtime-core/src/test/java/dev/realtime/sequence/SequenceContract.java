package dev.realtime.sequence;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What every {@link SequenceService} keeps to. */
public abstract class SequenceContract {

	private final Topic topic = Messages.topic();

	protected abstract SequenceService sequence();

	@Test
	void numbersRiseByOneFromOneInOneEpoch() {
		List<Position> given = IntStream.range(0, 5)
			.mapToObj((i) -> Await.result(sequence().next(this.topic)))
			.toList();

		assertThat(given).extracting(Position::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
		assertThat(given).extracting(Position::epoch).containsOnly(given.get(0).epoch());
	}

	@Test
	void theCurrentNumberIsZeroAtFirstAndThenTheLastOneGiven() {
		Position before = Await.result(sequence().current(this.topic));
		Position first = Await.result(sequence().next(this.topic));

		assertThat(before).isEqualTo(first.withSeq(0));
		assertThat(Await.result(sequence().current(this.topic))).isEqualTo(first);
	}

	@Test
	void topicsAreNumberedApart() {
		Topic other = Messages.topic();
		Await.result(sequence().next(this.topic));

		Position position = Await.result(sequence().next(other));

		assertThat(position.seq()).isEqualTo(1);
	}

	@Test
	void eachNumberIsGivenOnceToManyThreads() {
		Set<Position> given = ConcurrentHashMap.newKeySet();
		CompletableFuture<?>[] threads = IntStream.range(0, 8)
			.mapToObj((thread) -> CompletableFuture.runAsync(() -> IntStream.range(0, 250)
				.mapToObj((i) -> sequence().next(this.topic))
				.toList()
				.forEach((CompletionStage<Position> next) -> given.add(Await.result(next)))))
			.toArray(CompletableFuture[]::new);
		Await.result(CompletableFuture.allOf(threads));

		assertThat(given).hasSize(2_000);
		assertThat(given).extracting(Position::seq).contains(1L, 2_000L);
	}

}

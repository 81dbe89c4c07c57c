package dev.realtime.bench.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** Queues and threads against what is known of them. */
class QueueTests {

	private static final long SERVICE = 100_000;

	private final Timeline timeline = new Timeline();

	private final SplittableRandom random = new SplittableRandom(7);

	/**
	 * Poisson arrivals and a constant service time: Pollaczek and Khinchine, and what a
	 * message waits on the mean for a thread that has to wake up.
	 */
	@ParameterizedTest
	@ValueSource(doubles = { 0.3, 0.5, 0.8, 0.9 })
	void theMeanWaitIsThatOfTheFormula(double load) {
		double[] waited = new double[2];
		Stage<Long> stage = new Stage<>(this.timeline, new Machine(1), new Program(), SERVICE, Integer.MAX_VALUE,
				(arrived) -> {
					waited[0] += this.timeline.now() - arrived - SERVICE;
					waited[1]++;
				});
		arrive(stage, SERVICE / load);
		this.timeline.runUntil(100_000_000_000L);
		assertThat(waited[1]).isGreaterThan(200_000);
		double wakes = (double) Worker.WAKE_NANOS / SERVICE * load;
		double waking = Worker.WAKE_NANOS * (2 + wakes) / (2 * (1 + wakes));
		assertThat(waited[0] / waited[1]).isCloseTo(load * SERVICE / (2 * (1 - load)) + waking,
				org.assertj.core.data.Percentage.withPercentage(4));
	}

	private void arrive(Stage<Long> stage, double period) {
		this.timeline.after(Stalls.exponential(this.random, period), () -> {
			stage.offer(this.timeline.now());
			arrive(stage, period);
		});
	}

	@Test
	void aFullQueueDropsAndCounts() {
		List<Integer> handled = new ArrayList<>();
		Stage<Integer> stage = new Stage<>(this.timeline, new Machine(1), new Program(), SERVICE, 3, handled::add);
		for (int i = 0; i < 10; i++) {
			stage.offer(i);
		}
		this.timeline.runUntil(10 * SERVICE);
		assertThat(handled).containsExactly(0, 1, 2);
		assertThat(stage.dropped()).isEqualTo(7);
		assertThat(stage.most()).isEqualTo(3);
	}

	@Test
	void threadsThatShareACoreTakeTwiceAsLong() {
		Machine machine = new Machine(1);
		Program program = new Program();
		long[] ended = new long[2];
		for (int i = 0; i < 2; i++) {
			int number = i;
			new Stage<Integer>(this.timeline, machine, program, SERVICE, 10,
					(done) -> ended[number] = this.timeline.now())
				.offer(1);
		}
		this.timeline.runUntil(10 * SERVICE);
		assertThat(ended).containsOnly(Worker.WAKE_NANOS + 2 * SERVICE);
		assertThat(program.cpuNanos()).isEqualTo(2 * SERVICE);
	}

	@Test
	void aPausedProcessGoesOnAfterIt() {
		Program program = new Program();
		long[] ended = new long[1];
		Stage<Integer> stage = new Stage<>(this.timeline, new Machine(1), program, SERVICE, 10,
				(done) -> ended[0] = this.timeline.now());
		program.pauseUntil(5 * SERVICE);
		stage.offer(1);
		this.timeline.runUntil(10 * SERVICE);
		assertThat(ended[0]).isEqualTo(6 * SERVICE);
	}

	@Test
	void aShardWritesEachConnectionOnceInARound() {
		List<String> written = new ArrayList<>();
		Shard shard = shard(4, Integer.MAX_VALUE, (connection, meant) -> written.add(connection + ":" + meant));
		shard.offer(new Arrival(1, 4));
		shard.offer(new Arrival(2, 4));
		this.timeline.runUntil(10 * SERVICE);
		assertThat(written).containsExactly("0:1", "0:2", "1:1", "1:2", "2:1", "2:2", "3:1", "3:2");
		assertThat(shard.writes()).isEqualTo(4);
		assertThat(shard.delivered()).isEqualTo(8);
	}

	@Test
	void aConnectionsFullQueueDropsAndCounts() {
		Shard shard = shard(4, 2, (connection, meant) -> {
		});
		for (int i = 0; i < 5; i++) {
			shard.offer(new Arrival(i, 4));
		}
		this.timeline.runUntil(10 * SERVICE);
		assertThat(shard.delivered()).isEqualTo(8);
		assertThat(shard.dropped()).isEqualTo(12);
		assertThat(shard.most()).isEqualTo(20);
	}

	private Shard shard(int connections, int bound, Shard.Written written) {
		return new Shard(this.timeline, new Machine(1), new Program(), new Shard.Writing(1_000, 100, bound),
				connections, 1, written);
	}

	@ParameterizedTest
	@CsvSource({ "50,0.02", "200,0.005", "200,0.1", "5000,0.01", "5000,0.5" })
	void subscribersAreSpreadBinomially(int trials, double probability) {
		double sum = 0;
		double squares = 0;
		int draws = 100_000;
		for (int i = 0; i < draws; i++) {
			int drawn = Binomial.draw(this.random, trials, probability);
			assertThat(drawn).isBetween(0, trials);
			sum += drawn;
			squares += (double) drawn * drawn;
		}
		double mean = trials * probability;
		double variance = mean * (1 - probability);
		assertThat(sum / draws).isCloseTo(mean, within(4 * Math.sqrt(variance / draws)));
		assertThat(squares / draws - (sum / draws) * (sum / draws)).isCloseTo(variance,
				org.assertj.core.data.Percentage.withPercentage(3));
		assertThat(Binomial.draw(this.random, trials, 1)).isEqualTo(trials);
	}

}

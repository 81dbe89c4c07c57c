package dev.realtime.bench.journey;

import java.util.Map;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StampsTests {

	@Test
	void countsEachMessageAtEachStageAndEachDeliveryOnce() {
		Stamps stamps = new Stamps(3, 1, 2);
		for (int number = 1; number <= 3; number++) {
			stamps.published(number);
			stamps.stored(number);
			stamps.relayed(number);
			stamps.ordered(number);
			stamps.handed(number);
		}
		long now = System.nanoTime();
		stamps.written(new long[] { 1, 2, 3 }, now, now + 1_000);
		stamps.written(new long[] { 1, 2, 3 }, now + 1_000, now + 2_000);
		Map<Stage, Histogram> stages = stamps.histograms();
		assertThat(stages.get(Stage.STORED)).extracting(Histogram::getTotalCount).isEqualTo(2L);
		assertThat(stages.get(Stage.HANDED)).extracting(Histogram::getTotalCount).isEqualTo(2L);
		assertThat(stages.get(Stage.WRITTEN)).extracting(Histogram::getTotalCount).isEqualTo(4L);
		assertThat(stages.get(Stage.SEND)).extracting(Histogram::getMaxValue).isEqualTo(1_000L);
	}

	/** The second write begins 1 µs later, all of which the first one took. */
	@Test
	void earlierWritesAreNotTheEnginesOwnShare() {
		Stamps stamps = new Stamps(1, 0, 2);
		stamps.published(1);
		stamps.relayed(1);
		stamps.handed(1);
		long now = System.nanoTime();
		stamps.written(new long[] { 1 }, now, now + 1_000_000);
		stamps.written(new long[] { 1 }, now + 1_000_000, now + 2_000_000);
		Histogram own = stamps.histograms().get(Stage.OWN);
		assertThat(own).isNotNull();
		assertThat(own.lowestEquivalentValue(own.getMinValue()))
			.isEqualTo(own.lowestEquivalentValue(own.getMaxValue()));
	}

}

package dev.realtime.spring;

import java.util.Map;
import java.util.Set;

import dev.realtime.spring.DocumentedMeters.Meter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The page of meters has each meter of the sources, with its kind and its tags. */
class MeterDocsTests {

	@Test
	void eachMeterHasItsRowAndEachRowItsMeter() {
		assertThat(DocumentedMeters.read().keySet()).containsExactlyInAnyOrderElementsOf(SourceMeters.read().keySet());
	}

	@Test
	void theRowsHaveTheKindsUnitsAndTags() {
		Map<String, Meter> documented = DocumentedMeters.read();
		SourceMeters.read().forEach((name, meter) -> assertThat(documented.get(name)).as(name).isEqualTo(meter));
	}

	/** Those that are here get their names from literals of the same file. */
	@Test
	void noMeterHasANameThatCannotBeReadHere() {
		assertThat(SourceMeters.unnamed()).containsExactlyInAnyOrder("Gauge.builder(name",
				"FunctionCounter.builder(name", "Timer.builder(this.name");
	}

	@Test
	void metersAreUnderstood() {
		Map<String, Meter> meters = SourceMeters.read();
		assertThat(meters).containsEntry("realtime.connections", new Meter("gauge", "", Set.of()))
			.containsEntry("realtime.queue.bytes", new Meter("gauge", "bytes", Set.of()))
			.containsEntry("realtime.publish", new Meter("histogram", "", Set.of("outcome", "rule")))
			.containsEntry("realtime.connect", new Meter("histogram", "", Set.of("transport")))
			.containsEntry("realtime.refused", new Meter("counter", "", Set.of("door", "reason")))
			.containsEntry("realtime.drain", new Meter("timer", "", Set.of()));
	}

}

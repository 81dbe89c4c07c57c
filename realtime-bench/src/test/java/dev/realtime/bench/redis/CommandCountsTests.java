package dev.realtime.bench.redis;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CommandCountsTests {

	private static final CommandCounts BEFORE = CommandCounts.of("""
			# Commandstats
			cmdstat_evalsha:calls=10,usec=5,usec_per_call=0.50,rejected_calls=0,failed_calls=0
			cmdstat_ping:calls=2,usec=1,usec_per_call=0.50,rejected_calls=0,failed_calls=0
			""");

	private static final CommandCounts AFTER = CommandCounts.of("""
			# Commandstats
			cmdstat_evalsha:calls=17,usec=5,usec_per_call=0.50,rejected_calls=0,failed_calls=0
			cmdstat_config|get:calls=9,usec=5,usec_per_call=0.50,rejected_calls=0,failed_calls=0
			cmdstat_ping:calls=2,usec=1,usec_per_call=0.50,rejected_calls=0,failed_calls=0
			""");

	@Test
	void countsWhatWasCarriedOutBetweenTwoReadings() {
		CommandCounts between = AFTER.since(BEFORE);
		assertThat(between).hasToString("config|get 9, evalsha 7");
		assertThat(between.total()).isEqualTo(16);
		assertThat(between.startingWith("eval")).isEqualTo(7);
	}

}

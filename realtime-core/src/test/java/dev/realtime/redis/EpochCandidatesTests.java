package dev.realtime.redis;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Set;

import dev.realtime.Position;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EpochCandidatesTests {

	@Test
	void noTwoAreTheSameAndAllAreLegal() {
		EpochCandidates candidates = new EpochCandidates(new SecureRandom());
		EpochCandidates others = new EpochCandidates(new SecureRandom());
		Set<String> seen = new HashSet<>();
		for (int i = 0; i < 50_000; i++) {
			seen.add(new Position(new String(candidates.next(), StandardCharsets.US_ASCII), 0).epoch());
			seen.add(new Position(new String(others.next(), StandardCharsets.US_ASCII), 0).epoch());
		}

		assertThat(seen).hasSize(100_000);
	}

}

package dev.realtime.redis;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RedisDiagnosisTests {

	private final RedisConnectionException refused = new RedisConnectionException("Unable to connect",
			new RedisCommandExecutionException("WRONGPASS invalid username-password pair"));

	private final RedisConnectionException withoutReason = new RedisConnectionException("Unable to connect",
			new IllegalStateException("RedisHandshakeHandler not registered"));

	@Test
	void triesAgainWhenTheClientHasLostTheReason() {
		Queue<RuntimeException> failures = new ArrayDeque<>(List.of(this.withoutReason, this.refused));
		assertThatThrownBy(() -> RedisDiagnosis.withReason(() -> {
			throw failures.remove();
		})).isSameAs(this.refused);
		assertThat(failures).isEmpty();
	}

	@Test
	void doesNotTryAgainWhenTheReasonIsKnown() {
		Queue<RuntimeException> failures = new ArrayDeque<>(List.of(this.refused, this.withoutReason));
		assertThatThrownBy(() -> RedisDiagnosis.withReason(() -> {
			throw failures.remove();
		})).isSameAs(this.refused);
		assertThat(failures).hasSize(1);
	}

	@Test
	void triesNoFourthTime() {
		Queue<RuntimeException> failures = new ArrayDeque<>(
				List.of(this.withoutReason, this.withoutReason, this.withoutReason, this.refused));
		assertThatThrownBy(() -> RedisDiagnosis.withReason(() -> {
			throw failures.remove();
		})).isSameAs(this.withoutReason);
		assertThat(failures).hasSize(1);
	}

}

package dev.realtime.sample.chat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SayTests {

	@Test
	void cutsBlanksAround() {
		assertThat(new Say("  hello you\n").words()).isEqualTo("hello you");
	}

	@ParameterizedTest
	@NullSource
	@ValueSource(strings = { "", " ", "\n\t " })
	void refusesNothing(String text) {
		assertThatExceptionOfType(RefusedException.class).isThrownBy(new Say(text)::words)
			.withMessage("The message is empty");
	}

	@Test
	void refusesTooMuchAndSaysHowMuchThatIs() {
		assertThat(new Say("x".repeat(2_000)).words()).hasSize(2_000);
		assertThatExceptionOfType(RefusedException.class).isThrownBy(new Say("x".repeat(2_001))::words)
			.withMessage("The message has 2001 characters, at most 2000 are allowed");
	}

}

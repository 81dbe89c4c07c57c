package dev.realtime.bench.trial;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A mark is found in whatever an application makes of it. */
class MarkTests {

	private final Mark mark = new Mark(2, 17, 123_456_789L);

	@Test
	void isFoundInsideOfAnotherBody() {
		assertThat(found("{\"author\":\"Ann ~ Lee\",\"text\":\"" + this.mark.text("r1") + "\"}")).isEqualTo(this.mark);
	}

	@Test
	void isNotThatOfAnotherRun() {
		assertThat(found(this.mark.text("r2"))).isNull();
	}

	@Test
	void isNotFoundWhereItIsCut() {
		String text = this.mark.text("r1");
		assertThat(found(text.substring(0, text.length() - 3))).isNull();
		assertThat(found("~r1:" + "9".repeat(200) + '~')).isNull();
		assertThat(found("~r1:")).isNull();
	}

	private static @org.jspecify.annotations.Nullable Mark found(String text) {
		return Mark.find(text, 0, text.length(), "r1");
	}

}

package dev.realtime.sample.chat.ticker;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConflationTests {

	private final Conflation conflation = new Conflation();

	@Test
	void keepsTheNewestOfEachSymbol() {
		this.conflation.offer(new Quote("B", 1));
		this.conflation.offer(new Quote("A", 2));
		this.conflation.offer(new Quote("B", 3));
		assertThat(this.conflation.take(7)).isEqualTo(new Frame(7, 3, List.of(new Quote("A", 2), new Quote("B", 3))));
	}

	@Test
	void aFrameIsTheWholePictureEvenWhenNothingCame() {
		this.conflation.offer(new Quote("A", 2));
		this.conflation.take(1);
		assertThat(this.conflation.take(2)).isEqualTo(new Frame(2, 0, List.of(new Quote("A", 2))));
	}

}

package dev.realtime.delivery;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Neighbours that wait for the same frames share what is made of them. */
class BatchesTests {

	private final List<Throwable> failures = new ArrayList<>();

	private final Batches batches = new Batches(this.failures::add);

	private final Frame one = frame("one");

	private final Frame two = frame("two");

	@Test
	void neighboursThatWaitForTheSameFramesShareOneEncoding() {
		Batch first = this.batches.of(List.of(this.one, this.two));
		Encoded made = first.encoding(Encoded.class, Encoded::new);
		Batch second = this.batches.of(List.of(this.one, this.two));
		assertThat(second).isSameAs(first);
		assertThat(second.encoding(Encoded.class, Encoded::new)).isSameAs(made);
	}

	@Test
	void differentFramesNeverMix() {
		List<List<Frame>> waiting = List.of(List.of(this.one), List.of(this.two), List.of(this.one, this.two),
				List.of(this.two, this.one), List.of(this.one, this.one), List.of(frame("one")));
		for (int round = 0; round < 3; round++) {
			for (List<Frame> frames : waiting) {
				assertThat(this.batches.of(frames).frames()).usingElementComparator((a, b) -> (a == b) ? 0 : 1)
					.isEqualTo(frames);
			}
		}
		assertThat(waiting.stream().map(this.batches::of).distinct()).hasSize(waiting.size());
	}

	@Test
	void aBatchKeepsItsFramesWhenTheListIsUsedAgain() {
		List<Frame> scratch = new ArrayList<>(List.of(this.one));
		Batch batch = this.batches.of(scratch);
		scratch.clear();
		scratch.add(this.two);
		assertThat(batch.frames()).containsExactly(this.one);
		assertThat(this.batches.of(scratch)).isNotSameAs(batch);
	}

	@Test
	void atTheEndOfThePassEachEncodingIsReleasedOnce() {
		List<Encoded> made = Stream.of(this.one, this.two)
			.map((frame) -> this.batches.of(List.of(frame)).encoding(Encoded.class, Encoded::new))
			.toList();
		Batch unwritten = this.batches.of(List.of(frame("never encoded")));
		this.batches.release();
		this.batches.release();
		assertThat(made).extracting((encoded) -> encoded.releases).containsExactly(1, 1);
		assertThat(this.batches.of(unwritten.frames())).isNotSameAs(unwritten);
	}

	@Test
	void whatIsPushedOutByNewerBatchesIsReleasedAtOnce() {
		Encoded oldest = this.batches.of(List.of(this.one)).encoding(Encoded.class, Encoded::new);
		List<Encoded> newer = new ArrayList<>();
		while (oldest.releases == 0) {
			assertThat(newer).hasSizeLessThan(100);
			newer.add(this.batches.of(List.of(frame("n" + newer.size()))).encoding(Encoded.class, Encoded::new));
		}
		assertThat(newer).allMatch((encoded) -> encoded.releases == 0);
		this.batches.release();
		assertThat(newer).allMatch((encoded) -> encoded.releases == 1);
		assertThat(oldest.releases).isEqualTo(1);
	}

	@Test
	void whatIsEncodedAgainAfterItWasPushedOutIsReleasedAtTheEndOfThePass() {
		Batch held = this.batches.of(List.of(this.one));
		List<Encoded> made = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			made.add(held.encoding(Encoded.class, Encoded::new));
			made.add(this.batches.of(List.of(frame("n" + i))).encoding(Encoded.class, Encoded::new));
		}
		this.batches.release();
		assertThat(made.stream().distinct()).hasSizeGreaterThan(21).allMatch((encoded) -> encoded.releases == 1);
	}

	@Test
	void rule9_anEncodingThatCannotBeReleasedDoesNotKeepOthers() {
		Batch.Encoding bad = new Batch.Encoding() {
			@Override
			public void release() {
				throw new IllegalStateException("on purpose");
			}
		};
		this.batches.of(List.of(this.one)).encoding(Batch.Encoding.class, (batch) -> bad);
		Encoded other = this.batches.of(List.of(this.two)).encoding(Encoded.class, Encoded::new);
		this.batches.release();
		assertThat(other.releases).isOne();
		assertThat(this.failures).hasSize(1);
	}

	@Test
	void anotherTransportMakesItsOwnAndTheFirstIsReleased() {
		Batch batch = this.batches.of(List.of(this.one));
		Encoded made = batch.encoding(Encoded.class, Encoded::new);
		Other other = batch.encoding(Other.class, (each) -> new Other());
		assertThat(batch.encoding(Other.class, (each) -> new Other())).isSameAs(other);
		assertThat(made.releases).isEqualTo(1);
	}

	@Test
	void aBatchIsAsLargeAsItsFrames() {
		assertThat(this.batches.of(List.of(this.one, frame("grüß"))).size()).isEqualTo(3 + 6);
	}

	private static Frame frame(String text) {
		return Frame.of(text.getBytes(StandardCharsets.UTF_8));
	}

	private static final class Encoded implements Batch.Encoding {

		int releases;

		Encoded(Batch batch) {
			assertThat(batch.frames()).isNotEmpty();
		}

		@Override
		public void release() {
			this.releases++;
		}

	}

	private static final class Other implements Batch.Encoding {

	}

}

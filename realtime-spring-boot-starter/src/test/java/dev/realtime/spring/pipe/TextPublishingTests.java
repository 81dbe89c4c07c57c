package dev.realtime.spring.pipe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Texts that cannot be published, or not at once, and the end of their node. */
class TextPublishingTests extends TextFixture {

	@Test
	void rule5_aSlowPublisherHoldsTheSourceBack() {
		this.streams = streams(properties(8_192, 1_000, 3), 30);
		List<CompletableFuture<PublishReceipt>> waiting = new ArrayList<>();
		this.answer = () -> {
			waiting.add(new CompletableFuture<>());
			return waiting.get(waiting.size() - 1);
		};
		pipe();
		this.time.runDue();
		assertThat(this.source.requested).isEqualTo(TextSource.PREFETCH);
		this.source.giveAll("x");
		this.time.advance(Duration.ofSeconds(4));
		assertThat(this.published).hasSize(1);
		assertThat(this.source.requested).isZero();
		waiting.get(0).complete(receipt());
		this.answer = this::stored;
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.source.requested).isEqualTo(TextSource.PREFETCH);
	}

	@Test
	void aMessageThatCannotBePublishedIsTriedAgainWithTheSameId() {
		PipedStream stream = pipe();
		this.time.runDue();
		this.answer = () -> CompletableFuture
			.failedFuture(PublishException.unknown(Topic.of("answers"), "on purpose", null));
		this.source.give("a");
		this.time.advance(Duration.ofSeconds(2));
		this.source.give("b");
		this.answer = this::stored;
		this.time.advance(Duration.ofSeconds(3));
		this.source.complete();
		this.time.runDue();
		assertThat(end(stream).outcome()).isEqualTo(StreamOutcome.DONE);
		List<Publication> tries = this.published.stream().filter((each) -> each.content().text().equals("a")).toList();
		assertThat(tries).hasSizeGreaterThan(2);
		assertThat(tries).extracting(Publication::id).containsOnly(stream.id() + ".2");
		assertThat(lines()).endsWith("0:a", "1:b", "2:done");
	}

	@Test
	void aMessageWithoutAnAnswerIsTriedAgainAndALateAnswerIsIgnored() {
		PipedStream stream = pipe();
		this.time.runDue();
		CompletableFuture<PublishReceipt> silent = new CompletableFuture<>();
		this.answer = () -> silent;
		this.source.give("a");
		this.time.advance(Duration.ofSeconds(4));
		this.answer = this::stored;
		this.time.advance(Duration.ofSeconds(2));
		assertThat(this.published).extracting(Publication::id)
			.containsExactly(stream.id() + ".1", stream.id() + ".2", stream.id() + ".2");
		silent.complete(receipt());
		this.source.give("b");
		this.time.advance(Duration.ofSeconds(1));
		assertThat(lines()).containsExactly("0:", "0:a", "0:a", "1:b");
	}

	@Test
	void aTextWhoseMessagesCannotBePublishedEndsAndCancelsItsSource() {
		this.answer = () -> {
			throw new IllegalStateException("on purpose");
		};
		PipedStream stream = pipe();
		this.time.advance(Duration.ofSeconds(29));
		assertThat(stream.completion().toCompletableFuture()).isNotDone();
		this.time.advance(Duration.ofSeconds(2));
		assertThat(end(stream)).isEqualTo(new StreamEnd(StreamOutcome.UNPUBLISHED, 0, null, null));
		assertThat(this.source.cancelled).isEqualTo(1);
		int tries = this.published.size();
		assertThat(tries).isBetween(10, 30);
		this.time.advance(Duration.ofHours(1));
		assertThat(this.published).hasSize(tries);
	}

	@Test
	void aNodeThatShutsDownInterruptsWhatDoesNotEndInTime() {
		PipedStream slow = pipe();
		ScriptedSource quick = new ScriptedSource();
		PipedStream ends = this.streams.pipe("answers", quick);
		this.time.runDue();
		this.loops.loop("test").after(Duration.ofSeconds(5), quick::complete);
		long before = this.time.nanoTime();
		this.streams.drain();
		assertThat(Duration.ofNanos(this.time.nanoTime() - before)).isEqualTo(Duration.ofSeconds(10));
		this.time.runDue();
		assertThat(end(ends).outcome()).isEqualTo(StreamOutcome.DONE);
		assertThat(end(slow).outcome()).isEqualTo(StreamOutcome.INTERRUPTED);
		assertThat(lines()).endsWith("0:interrupted");
		assertThat(this.source.cancelled).isEqualTo(1);
		assertThatThrownBy(this::pipe).isInstanceOf(IllegalStateException.class).hasMessageContaining("shuts down");
		this.streams.close();
	}

	@Test
	void aShutdownEndsAlsoWhenNothingCanBePublished() {
		this.answer = CompletableFuture::new;
		PipedStream stream = pipe();
		this.time.runDue();
		long before = this.time.nanoTime();
		this.streams.drain();
		assertThat(Duration.ofNanos(this.time.nanoTime() - before)).isEqualTo(Duration.ofSeconds(15));
		this.time.runDue();
		assertThat(end(stream)).isEqualTo(new StreamEnd(StreamOutcome.INTERRUPTED, 0, null, null));
		this.streams.close();
	}

}

package dev.realtime.spring.pipe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.loop.Loops;
import dev.realtime.spring.PipeProperties;
import dev.realtime.testing.VirtualEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/** Texts in simulated time, and what is published of them. */
abstract class TextFixture {

	final VirtualEnvironment time = new VirtualEnvironment(7);

	final Loops loops = new Loops(this.time, Duration.ofSeconds(30));

	final List<Publication> published = new ArrayList<>();

	final List<Topic> asked = new ArrayList<>();

	Supplier<CompletionStage<PublishReceipt>> answer = this::stored;

	final ScriptedSource source = new ScriptedSource();

	RealtimeStreams streams = streams(properties(8_192, 100, 3), 30);

	PipedStream pipe() {
		return this.streams.pipe("answers", this.source);
	}

	static StreamEnd end(PipedStream stream) {
		CompletableFuture<StreamEnd> end = stream.completion().toCompletableFuture();
		assertThat(end).isDone();
		return end.join();
	}

	List<String> lines() {
		return this.published.stream().map((each) -> {
			String outcome = each.content().headers().get("stream-outcome");
			return each.content().headers().get("stream-offset") + ':'
					+ ((outcome != null) ? outcome : each.content().text());
		}).toList();
	}

	CompletionStage<PublishReceipt> stored() {
		return CompletableFuture.completedFuture(receipt());
	}

	PublishReceipt receipt() {
		return new PublishReceipt(Topic.of("answers"), new Position("E", this.published.size()), 0, false);
	}

	RealtimeStreams streams(PipeProperties properties, long maxPayload) {
		return new RealtimeStreams((publication) -> {
			this.published.add(publication);
			return this.answer.get();
		}, properties, TopicPolicies.all(TopicPolicy.DEFAULT), maxPayload, PipeLoops.of(this.loops, 2), (topic) -> {
			this.asked.add(topic);
			return CompletableFuture.completedFuture(null);
		});
	}

	static PipeProperties properties(int messageSize, int maxLength, int maxStreams) {
		return new PipeProperties(Duration.ofMillis(50), messageSize, maxLength, maxStreams, Duration.ofMinutes(10),
				Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(10), 2);
	}

}

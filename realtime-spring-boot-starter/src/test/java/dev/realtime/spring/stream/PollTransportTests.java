package dev.realtime.spring.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.TopicMessage;
import dev.realtime.connection.Transport;
import dev.realtime.loop.Loop;
import dev.realtime.stomp.StompFrames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A poll's answer and the position that it gives belong together. */
class PollTransportTests {

	private final List<StreamAnswer> answers = new ArrayList<>();

	private final PollTransport poll = new PollTransport(new Answered(this.answers),
			new StreamEvents(List.of(Subscription.topic("a", new Position("E", 0)))));

	@Test
	void whatDoesNotFitIntoAnAnswerDoesNotMoveItsPosition() {
		for (int seq = 1; seq <= 600; seq++) {
			this.poll.received(message(seq));
		}
		this.poll.flush((failure) -> {
		});
		assertThat(this.answers).hasSize(1);
		String body = new String(this.answers.get(0).body(), StandardCharsets.UTF_8);
		assertThat(body).startsWith("{\"position\":\"E-500\",").contains("\"seq\":500,").doesNotContain("\"seq\":501,");
	}

	private static ServerFrame message(long seq) {
		return ServerFrame.parse(StompFrames.message(
				new TopicMessage(Topic.of("a"), new Position("E", seq), 1_000, null, Content.text("x"), null, 0),
				"/topic/a", "0"));
	}

	/** Takes answers only. */
	private record Answered(List<StreamAnswer> answers) implements Exchange {

		@Override
		public void begin(StreamAnswer head) {
			throw new AssertionError("A poll is answered in one piece");
		}

		@Override
		public void write(byte[] bytes, Transport.Completion done) {
			throw new AssertionError("A poll is answered in one piece");
		}

		@Override
		public void end() {
			throw new AssertionError("A poll is answered in one piece");
		}

		@Override
		public void answer(StreamAnswer answer) {
			this.answers.add(answer);
		}

		@Override
		public Loop.Delayed later(Duration delay, Runnable task) {
			throw new AssertionError("No clock was asked for");
		}

		@Override
		public @Nullable Executor eventLoop() {
			return null;
		}

	}

}

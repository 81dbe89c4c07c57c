package dev.realtime.hub;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicy;
import dev.realtime.connection.PatternRequest;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.testing.SmallHub;
import org.jspecify.annotations.Nullable;

import static org.awaitility.Awaitility.await;

/** A hub that follows few topics for patterns, and clients that subscribe to those. */
abstract class PatternFixture extends HubFixture<FaultyBroker> {

	static final HubOptions FEW_TOPICS = SmallHub.OPTIONS.toBuilder()
		.queueMessages(100_000)
		.queueBytes(64 << 20)
		.patternTopics(3)
		.maxPatterns(2)
		.checkInterval(Duration.ofHours(1))
		.openTimeout(Duration.ofSeconds(5))
		.build();

	static final TopicPattern PRICES = new TopicPattern("price.*");

	static final Executor AT_ONCE = Runnable::run;

	final UnreliableBroker unreliable = this.broker.broker;

	PatternFixture() {
		super(new FaultyBroker(), FEW_TOPICS, new PlainEncoder());
	}

	RecordingTransport watching(String id, TopicPattern pattern) {
		return watching(id, pattern, null, (topic) -> true, AT_ONCE);
	}

	RecordingTransport watching(String id, TopicPattern pattern, @Nullable Map<Topic, Position> resume,
			Predicate<Topic> mayRead, Executor application) {
		RecordingTransport transport = connected(id);
		connection(id).subscribe(request(pattern, resume, mayRead, application));
		await().pollInterval(Duration.ofMillis(1)).until(() -> !transport.frames.isEmpty());
		return transport;
	}

	static PatternRequest request(TopicPattern pattern, @Nullable Map<Topic, Position> resume, Predicate<Topic> mayRead,
			Executor application) {
		Map<Topic, Position> named = (resume != null) ? resume : new HashMap<>();
		return new PatternRequest("sub-0", pattern, named, !named.isEmpty(), "ready", mayRead, application);
	}

	Position publish(String topic, String text) {
		return this.broker.publish(Publication.of(Topic.of(topic), Content.text(text)), TopicPolicy.DEFAULT)
			.toCompletableFuture()
			.join()
			.position();
	}

	void publishes(String topic, String text, Runnable before) {
		before.run();
		publish(topic, text);
	}

	static List<String> texts(RecordingTransport client) {
		return client.messages().stream().map((frame) -> frame.split(" ", 4)[3]).toList();
	}

}

package dev.realtime.node;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.connection.Subscriber;
import dev.realtime.presence.Presence;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Who is told of subscribers besides presence. */
class SubscribersTests {

	private static final Topic ROOM = Topic.of("room.42");

	private final List<String> told = new CopyOnWriteArrayList<>();

	@Test
	void rule9_aPresenceThatThrowsKeepsNothingFromTheOtherListener() {
		try (RealtimeNode node = RealtimeNode.builder("test", new MemoryBroker(Clock.systemUTC()), new Throwing())
			.policies(TopicPolicies.all(TopicPolicy.builder().presence(true).build()))
			.subscribers(new Noting())
			.build()) {
			node.start();
			Connection connection = node.hub().connect("c", new RecordingTransport());
			connection.introduce("ann", true, Duration.ZERO, Duration.ZERO);
			connection.subscribe(new SubscribeRequest("s", ROOM, null, 0, "ready"));
			await().until(() -> this.told.size() == 3);
			connection.closed();
			await().until(() -> this.told.size() == 6);
			assertThat(this.told).startsWith("connected", "presence", "live room.42")
				.contains("presence", "end room.42", "closed");
		}
	}

	@Test
	void aConnectionThatIsClosedBeforeItsClientIsIntroducedIsNotReportedAsConnected() {
		try (RealtimeNode node = RealtimeNode.builder("test", new MemoryBroker(Clock.systemUTC()), new Throwing())
			.subscribers(new Noting())
			.build()) {
			node.start();
			Connection connection = node.hub().connect("c", new RecordingTransport());
			connection.closed();
			await().until(() -> this.told.contains("closed"));
			connection.introduce("ann", true, Duration.ZERO, Duration.ZERO);
			Connection other = node.hub().connect("d", new RecordingTransport());
			other.closed();
			await().until(() -> this.told.size() == 2);
			assertThat(this.told).containsExactly("closed", "closed");
		}
	}

	private final class Noting implements ConnectionListener {

		@Override
		public void onConnected(Connection connection) {
			SubscribersTests.this.told.add("connected");
		}

		@Override
		public void onLive(Subscriber subscriber) {
			SubscribersTests.this.told.add("live " + subscriber.topic());
		}

		@Override
		public void onEnd(Subscriber subscriber) {
			SubscribersTests.this.told.add("end " + subscriber.topic());
		}

		@Override
		public void onClosed(Connection connection) {
			SubscribersTests.this.told.add("closed");
		}

	}

	private final class Throwing implements Presence {

		@Override
		public void start(Listener listener) {
		}

		@Override
		public CompletionStage<Void> enter(Topic topic, String user, String connection) {
			SubscribersTests.this.told.add("presence");
			throw new AssertionError("on purpose");
		}

		@Override
		public CompletionStage<Void> leave(Topic topic, String user, String connection) {
			SubscribersTests.this.told.add("presence");
			throw new AssertionError("on purpose");
		}

		@Override
		public CompletionStage<List<Member>> members(Topic topic, int limit) {
			return CompletableFuture.completedStage(List.of());
		}

		@Override
		public CompletionStage<Long> count(Topic topic) {
			return CompletableFuture.completedStage(0L);
		}

		@Override
		public CompletionStage<Set<String>> present(Topic topic, Collection<String> users) {
			return CompletableFuture.completedStage(Set.of());
		}

		@Override
		public void close() {
		}

	}

}

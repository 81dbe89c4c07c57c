package dev.realtime.spring.inspect;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What users do while somebody asks about them. */
class UserActivityTests {

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	private final UserActivity activity = new UserActivity(this.environment, this.environment.clock());

	private final RealtimeNode node = RealtimeNode
		.builder("test", new MemoryBroker(this.environment), new MemoryPresence(PresenceOptions.DEFAULT, this.loops))
		.loops(this.loops)
		.subscribers(this.activity)
		.build();

	@BeforeEach
	void start() {
		this.node.hub().stats().onClosing(this.activity::closing);
		this.node.start();
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	@Test
	void subscriptionsAndTheEndOfConnectionsAreTold() {
		Connection ann = connect("ann");
		assertThat(events("ann")).isEmpty();
		subscribe(ann, "s", "room.1");
		assertThat(events("ann")).extracting((event) -> event.get("event") + " " + event.get("topic"))
			.containsExactly("subscribed room.1");
		ann.close(CloseReason.policy("blocked"));
		settle();
		assertThat(events("ann")).extracting((event) -> event.get("event"))
			.contains("closing", "unsubscribed", "disconnected");
		assertThat(events("ann")).filteredOn((event) -> "closing".equals(event.get("event")))
			.singleElement()
			.satisfies((event) -> assertThat(event).containsEntry("reason", "1008 blocked"));
	}

	@Test
	void nothingIsKeptOfUsersNobodyAsksAbout() {
		Connection bob = connect("bob");
		subscribe(bob, "s", "room.1");
		assertThat(this.activity.isFollowing()).isFalse();
		assertThat(events("bob")).isEmpty();
		this.environment.advance(UserActivity.TIME.plusSeconds(1));
		subscribe(bob, "t", "room.2");
		assertThat(this.activity.isFollowing()).isFalse();
		assertThat(events("bob")).isEmpty();
	}

	@Test
	void rule8_theLatestEventsAreKeptAndTheRestIsCounted() {
		Connection ann = connect("ann");
		events("ann");
		for (int i = 0; i < UserActivity.MOST_EVENTS + 7; i++) {
			subscribe(ann, "s" + i, "room." + i);
		}
		Map<String, Object> answer = ask("ann");
		assertThat(answer).containsEntry("missed", 7L);
		assertThat(events("ann")).hasSize(UserActivity.MOST_EVENTS)
			.last()
			.satisfies((event) -> assertThat(event).containsEntry("n", UserActivity.MOST_EVENTS + 7L));
	}

	@Test
	void rule8_onlyAFewUsersAreFollowedAndThoseNobodyAsksAboutMakeRoom() {
		for (int i = 0; i < UserActivity.MOST_USERS; i++) {
			assertThat(ask("user" + i)).doesNotContainKey("problem");
		}
		assertThat(ask("ann")).containsKey("problem").doesNotContainKey("events");
		assertThat(ask("user0")).doesNotContainKey("problem");
		this.environment.advance(UserActivity.TIME.plusSeconds(1));
		assertThat(ask("ann")).doesNotContainKey("problem");
	}

	private Connection connect(String user) {
		Connection connection = this.node.hub().connect(user, new RecordingTransport());
		connection.introduce(user, true, Duration.ZERO, Duration.ZERO);
		settle();
		return connection;
	}

	private void subscribe(Connection connection, String id, String topic) {
		connection.subscribe(new SubscribeRequest(id, Topic.of(topic), null, 0, "ready"));
		settle();
	}

	private void settle() {
		this.environment.advance(Duration.ofMillis(100));
	}

	private Map<String, Object> ask(String user) {
		Map<String, Object> answer = new LinkedHashMap<>();
		this.activity.answer(user, answer);
		return answer;
	}

	@SuppressWarnings("unchecked")
	private List<Map<String, Object>> events(String user) {
		return (List<Map<String, Object>>) ask(user).getOrDefault("events", List.of());
	}

}

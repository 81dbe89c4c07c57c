package dev.realtime.spring.inspect;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.realtime.Topic;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.loop.Environment;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.spring.InspectorProperties;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What users do while somebody asks about them. */
class UserActivityTests {

	private static final InspectorProperties PROPERTIES = new InspectorProperties(false, 6, 40, Duration.ofSeconds(20),
			4);

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	private final UserActivity activity = new UserActivity(this.environment, this.environment.clock(), PROPERTIES);

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
		this.environment.advance(PROPERTIES.followFor().plusSeconds(1));
		subscribe(bob, "t", "room.2");
		assertThat(this.activity.isFollowing()).isFalse();
		assertThat(events("bob")).isEmpty();
	}

	@Test
	void rule8_theLatestEventsAreKeptAndTheRestIsCounted() {
		Connection ann = connect("ann");
		events("ann");
		for (int i = 0; i < PROPERTIES.followedEvents() + 7; i++) {
			subscribe(ann, "s" + i, "room." + i);
		}
		Map<String, Object> answer = ask("ann");
		assertThat(answer).containsEntry("missed", 7L);
		assertThat(events("ann")).hasSize(PROPERTIES.followedEvents())
			.last()
			.satisfies((event) -> assertThat(event).containsEntry("n", PROPERTIES.followedEvents() + 7L));
	}

	@Test
	void rule8_aUserWithManyConnectionsHasNoMoreEventsThanOthers() {
		events("ann");
		for (int i = 0; i < 2 * PROPERTIES.followedEvents(); i++) {
			subscribe(connect("ann-" + i, "ann"), "s", "room.1");
		}
		assertThat(events("ann")).hasSize(PROPERTIES.followedEvents())
			.extracting((event) -> event.get("connection"))
			.doesNotHaveDuplicates();
		assertThat(ask("ann")).containsEntry("missed", (long) PROPERTIES.followedEvents());
	}

	@Test
	void eventsAreInOrderAndNumberedAcrossAnswers() {
		Connection ann = connect("ann");
		events("ann");
		for (int i = 0; i < 5; i++) {
			subscribe(ann, "s" + i, "room." + i);
			ann.unsubscribe("s" + i);
			settle();
		}
		assertThat(events("ann")).extracting((event) -> event.get("event") + " " + event.get("topic"))
			.containsExactly("subscribed room.0", "unsubscribed room.0", "subscribed room.1", "unsubscribed room.1",
					"subscribed room.2", "unsubscribed room.2", "subscribed room.3", "unsubscribed room.3",
					"subscribed room.4", "unsubscribed room.4");
		assertThat(events("ann")).extracting((event) -> event.get("n"))
			.containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
	}

	@Test
	void nothingIsKeptOfAUserWhomNobodyAsksAboutAnyMore() {
		Connection ann = connect("ann");
		events("ann");
		this.environment.advance(PROPERTIES.followFor().minusSeconds(1));
		events("ann");
		this.environment.advance(PROPERTIES.followFor().minusSeconds(1));
		subscribe(ann, "s", "room.1");
		assertThat(this.activity.isFollowing()).as("asked about again").isTrue();
		this.environment.advance(PROPERTIES.followFor().plusSeconds(1));
		subscribe(ann, "t", "room.2");
		assertThat(this.activity.isFollowing()).isFalse();
		assertThat(events("ann")).as("begins anew").isEmpty();
		assertThat(ask("ann")).containsEntry("missed", 0L);
	}

	@RepeatedTest(20)
	void rule8_manyWhoAskAtOnceFollowNoMoreThanAFew() throws InterruptedException {
		UserActivity asked = new UserActivity(Environment.system(), Clock.systemUTC(), PROPERTIES);
		ExecutorService operators = Executors.newFixedThreadPool(8);
		Queue<Map<String, Object>> answers = new ConcurrentLinkedQueue<>();
		for (int i = 0; i < 400; i++) {
			String user = "user" + i % 40;
			operators.execute(() -> {
				Map<String, Object> answer = new LinkedHashMap<>(Map.of("user", user));
				asked.answer(user, answer);
				answers.add(answer);
			});
		}
		operators.shutdown();
		assertThat(operators.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		assertThat(answers).hasSize(400);
		List<Object> followed = answers.stream()
			.filter((answer) -> !answer.containsKey("problem"))
			.map((answer) -> answer.getOrDefault("user", ""))
			.toList();
		assertThat(Set.copyOf(followed)).hasSize(PROPERTIES.followedUsers());
		assertThat(followed).as("of each of them all answers").hasSize(PROPERTIES.followedUsers() * 10);
	}

	@Test
	void rule8_onlyAFewUsersAreFollowedAndThoseNobodyAsksAboutMakeRoom() {
		for (int i = 0; i < PROPERTIES.followedUsers(); i++) {
			assertThat(ask("user" + i)).doesNotContainKey("problem");
		}
		assertThat(ask("ann")).containsKey("problem").doesNotContainKey("events");
		assertThat(ask("user0")).doesNotContainKey("problem");
		this.environment.advance(PROPERTIES.followFor().plusSeconds(1));
		assertThat(ask("ann")).doesNotContainKey("problem");
	}

	private Connection connect(String user) {
		return connect(user, user);
	}

	private Connection connect(String id, String user) {
		Connection connection = this.node.hub().connect(id, new RecordingTransport());
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

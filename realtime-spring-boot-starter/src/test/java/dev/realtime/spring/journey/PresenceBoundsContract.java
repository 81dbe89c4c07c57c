package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A list of members is right in the end, however many come and go around the bound at
 * which only numbers are told; on two nodes with a real Redis between them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PresenceBoundsContract {

	private static final int USERS = 8;

	private final RedisServer redis = RedisServer.start();

	private final ConfigurableApplicationContext one;

	private final ConfigurableApplicationContext two;

	PresenceBoundsContract(String... properties) {
		List<String> all = new ArrayList<>(
				List.of("realtime.presence.grace=50ms", "realtime.presence.refresh=1s", "realtime.presence.lease=10s",
						"realtime.presence.max-diffs=4", "realtime.presence.count-interval=300ms"));
		all.addAll(List.of(properties));
		this.one = ChatNode.start(this.redis.port(), all.toArray(String[]::new));
		this.two = ChatNode.start(this.redis.port(), all.toArray(String[]::new));
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@RepeatedTest(20)
	void theListIsRightInTheEndWhoeverCameAndWent(RepetitionInfo repetition) {
		String room = "room.bounds" + System.nanoTime();
		Random random = new Random(repetition.getCurrentRepetition());
		List<StompTestClient> clients = new ArrayList<>();
		try (StompTestClient watcher = StompTestClient.connect(ChatNode.port(this.two), "watcher")) {
			for (int i = 0; i < USERS; i++) {
				clients.add(StompTestClient.connect(ChatNode.port((i % 2 == 0) ? this.one : this.two), "u" + i));
			}
			MemberList list = new MemberList(watcher, ChatNode.webPort(this.one), room);
			Set<String> inside = new TreeSet<>();
			for (int step = 0; step < 120; step++) {
				int user = random.nextInt(USERS);
				change(clients.get(user), room, inside, "u" + user);
				LockSupport.parkNanos(random.nextInt(8_000_000));
				list.update();
			}
			await().untilAsserted(() -> {
				list.update();
				assertThat(list.count()).isEqualTo(inside.size());
				if (inside.size() <= 4) {
					assertThat(list.isExact()).isTrue();
					assertThat(list.members()).isEqualTo(inside);
				}
			});
			// One more event must not find it wrong.
			for (String user : List.copyOf(inside)) {
				change(clients.get(Integer.parseInt(user.substring(1))), room, inside, user);
			}
			await().untilAsserted(() -> {
				assertThat(list.update().members()).isEmpty();
				assertThat(list.isExact()).isTrue();
			});
		}
		finally {
			clients.forEach(StompTestClient::close);
		}
	}

	@Test
	void beyondTheBoundOneNumberIsToldForTheFleetAndOneResetAfterwards() {
		String room = "room.many" + System.nanoTime();
		List<StompTestClient> clients = new ArrayList<>();
		try (StompTestClient watcher = StompTestClient.connect(ChatNode.port(this.one), "watcher")) {
			watcher.subscribe("presence", "/topic/_presence." + room);
			long began = System.nanoTime();
			for (int i = 0; i < 20; i++) {
				StompTestClient client = StompTestClient.connect(ChatNode.port((i % 2 == 0) ? this.one : this.two),
						"m" + i);
				clients.add(client);
				client.subscribe("sub-0", "/topic/" + room);
			}
			await().untilAsserted(() -> assertThat(bodies(watcher, "count").reduce("", (first, last) -> last))
				.isEqualTo("{\"event\":\"count\",\"count\":20}"));
			long intervals = Duration.ofNanos(System.nanoTime() - began).dividedBy(Duration.ofMillis(300)) + 2;
			assertThat(bodies(watcher, "join")).hasSize(4);
			assertThat(bodies(watcher, "count").count()).isLessThanOrEqualTo(intervals);
			clients.subList(2, 20).forEach((client) -> client.send("UNSUBSCRIBE", Map.of("id", "sub-0"), ""));
			StompFrame reset = watcher.await("the reset", (frame) -> "reset".equals(frame.get("type")));
			assertThat(reset.seq()).isPositive();
			Map<String, Object> read = Http.json(ChatNode.webPort(this.two), "/realtime/topics/" + room + "/presence");
			assertThat(read).containsKeys("epoch", "seq");
			assertThat(read).containsEntry("epoch", reset.header("epoch"));
		}
		finally {
			clients.forEach(StompTestClient::close);
		}
	}

	private static void change(StompTestClient client, String room, Set<String> inside, String user) {
		if (inside.remove(user)) {
			client.send("UNSUBSCRIBE", Map.of("id", "sub-0"), "");
		}
		else {
			inside.add(user);
			client.send("SUBSCRIBE", Map.of("id", "sub-0", "destination", "/topic/" + room), "");
		}
	}

	private static Stream<String> bodies(StompTestClient watcher, String type) {
		return watcher.messages().stream().filter((frame) -> type.equals(frame.get("type"))).map(StompFrame::body);
	}

}

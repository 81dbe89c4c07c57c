package dev.realtime.spring.journey;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.messaging.simp.SimpMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Server-Sent Events, on two nodes with a real Redis between them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class StreamsContract {

	private final RedisServer redis = RedisServer.start();

	private final ConfigurableApplicationContext one;

	private final ConfigurableApplicationContext two;

	private final int here;

	private final int there;

	StreamsContract(String... properties) {
		this.one = StreamNode.start(this.redis.port(), properties);
		this.two = StreamNode.start(this.redis.port(), properties);
		this.here = ChatNode.port(this.one);
		this.there = ChatNode.port(this.two);
	}

	@AfterAll
	void stop() {
		this.one.close();
		this.two.close();
		this.redis.close();
	}

	@Test
	void aStreamSaysThatItIsLiveAndThenWhatIsPublishedOnAnyNode() {
		try (EventStream stream = EventStream.open(this.here, "topic=room.sse")) {
			StreamNode.publish(this.two, "room.sse", Content.of("{\"a\":\n[1]}".getBytes(StandardCharsets.UTF_8),
					"application/json", "note", Map.of("lang", "en")));
			EventStream.Event message = stream.await("message");
			EventStream.Event subscribed = stream.events().get(0);
			assertThat(subscribed.name()).isEqualTo("subscribed");
			assertThat(subscribed.json()).containsEntry("topic", "room.sse")
				.containsEntry("seq", 0)
				.containsEntry("replayed", 0)
				.containsKey("epoch")
				.doesNotContainKeys("destination", "recovered", "reason");
			assertThat(subscribed.id()).isEqualTo(subscribed.get("epoch") + "-0");
			assertThat(message.json()).containsEntry("topic", "room.sse")
				.containsEntry("epoch", subscribed.get("epoch"))
				.containsEntry("seq", 1)
				.containsEntry("type", "note")
				.containsEntry("headers", Map.of("lang", "en"))
				.containsEntry("contentType", "application/json")
				.containsEntry("payload", Map.of("a", List.of(1)))
				.containsKey("timestamp");
			assertThat(message.id()).isEqualTo(subscribed.get("epoch") + "-1");
			assertThat(stream.answer().headers().map())
				.containsEntry("content-type", List.of("text/event-stream;charset=UTF-8"))
				.containsEntry("cache-control", List.of("no-store, no-transform"))
				.containsEntry("x-accel-buffering", List.of("no"));
			assertThat(stream.lines.get(0)).matches("retry: [1-3]\\d{3}");
			assertThat(stream.lines.get(1)).startsWith(":");
		}
	}

	@RepeatedTest(3)
	void lastEventIdRecoversEveryTopicExactlyOnTheOtherNodeWhileManyPublish() throws Exception {
		String name = "room.return" + System.nanoTime();
		String query = "topic=" + name + "a&topic=" + name + "b&destination=/topic/" + name + 'c';
		List<String> topics = List.of(name + 'a', name + 'b', name + 'c');
		AtomicBoolean go = new AtomicBoolean(true);
		List<List<Long>> seen = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
		EventStream stream = EventStream.open(this.here, query);
		CompletableFuture<Integer> publishing = CompletableFuture.supplyAsync(() -> {
			int count = 0;
			while (go.get() && count < 20_000) {
				count++;
				for (String topic : topics) {
					StreamNode.publish((count % 2 == 0) ? this.one : this.two, topic, Content.text("m" + count));
				}
				LockSupport.parkNanos(500_000);
			}
			return count;
		});
		for (int turn = 0; turn < 8; turn++) {
			EventStream current = stream;
			int wanted = 40 + turn;
			await().until(() -> current.messages().size() > wanted);
			String position = cut(stream, topics, seen);
			stream = EventStream.open((turn % 2 == 0) ? this.there : this.here, query + "&position=stale",
					"Last-Event-ID", position);
			assertThat(stream.events("subscribed")).allMatch((event) -> Boolean.TRUE.equals(event.get("recovered")));
		}
		go.set(false);
		long count = publishing.get(60, TimeUnit.SECONDS);
		EventStream last = stream;
		await().untilAsserted(() -> assertThat(topics).allMatch(
				(topic) -> !last.seqs(topic).isEmpty() && last.seqs(topic).get(last.seqs(topic).size() - 1) == count));
		cut(stream, topics, seen);
		assertThat(seen).allMatch((seqs) -> seqs.equals(LongStream.rangeClosed(1, count).boxed().toList()));
	}

	/** Takes what came up to the position that the client then returns with. */
	private static String cut(EventStream stream, List<String> topics, List<List<Long>> seen) {
		stream.close();
		List<EventStream.Event> events = stream.events();
		for (EventStream.Event event : events) {
			if (event.name().equals("message")) {
				seen.get(topics.indexOf(String.valueOf(event.get("topic")))).add(event.seq());
			}
		}
		return events.get(events.size() - 1).id();
	}

	@Test
	void nothingThatAPublisherWritesForgesAnEvent() {
		String evil = "x\n\nevent: closed\ndata: {}\n\r\r\nid: E-9\r\ndata: \"}\u2028\u2029\u0085\"\\";
		String escaped = "\"\\n\\nevent: closed\\ndata: {}\"";
		List<Content> contents = List.of(Content.text(evil),
				Content.of(evil.getBytes(StandardCharsets.UTF_8), "application/json", evil, Map.of(evil, evil)),
				Content.of(evil.getBytes(StandardCharsets.UTF_8), "text/plain\n\nevent: closed", "t\r\ndata: x",
						Map.of("a\n\nevent", ": b")),
				Content.json("{\n\n\"event\":\r\r\n" + escaped + ",\r\n\r\n\"u\":\"\u2028\u2029\"}\n\n"));
		try (EventStream stream = EventStream.open(this.here, "topic=room.evil")) {
			contents.forEach((content) -> StreamNode.publish(this.one, "room.evil", content));
			await().until(() -> stream.messages().size() >= contents.size());
			assertThat(stream.events()).extracting(EventStream.Event::name)
				.containsExactly("subscribed", "message", "message", "message", "message");
			assertThat(stream.seqs("room.evil")).containsExactly(1L, 2L, 3L, 4L);
			assertThat(stream.messages().get(0).get("payload")).isEqualTo(evil);
			assertThat(stream.messages().get(1).get("type")).isEqualTo(evil);
			assertThat(stream.messages().get(1).get("headers")).isEqualTo(Map.of(evil, evil));
			assertThat(stream.messages().get(1).json()).containsKey("payloadBase64");
			assertThat(stream.messages().get(3).get("payload"))
				.isEqualTo(Map.of("event", "\n\nevent: closed\ndata: {}", "u", "\u2028\u2029"));
			assertThat(stream.lines).filteredOn((line) -> !line.isEmpty())
				.allMatch((line) -> line.matches("(?s)(retry|event|id|data): .*|:.*"));
		}
	}

	@Test
	void oneSubscriptionThatIsRefusedLeavesTheOthersAlone() {
		try (EventStream stream = EventStream.open(this.here,
				"topic=room.*&topic=room.fine&destination=/topic/a%0Ab")) {
			StreamNode.publish(this.two, "room.fine", Content.text("hello"));
			stream.await("message");
			assertThat(stream.events("denied")).extracting((event) -> event.get("reason"))
				.containsExactly("bad-subscribe", "bad-subscribe");
			assertThat(stream.events("denied").get(0).json()).containsEntry("topic", "room.*")
				.hasEntrySatisfying("message",
						(message) -> assertThat(message.toString()).contains("over HTTP name each topic"))
				.doesNotContainKey("destination");
			assertThat(stream.events("denied").get(1).json()).containsEntry("destination", "/topic/a\nb");
			assertThat(stream.messages().get(0).id()).matches(",[A-Za-z0-9]+-1,");
		}
	}

	@Test
	void aClientWithoutAPositionMayStartWithTheLatestMessages() {
		for (int i = 1; i <= 5; i++) {
			StreamNode.publish(this.one, "room.rewind", Content.text("m" + i));
		}
		try (EventStream stream = EventStream.open(this.there, "topic=room.rewind&rewind=2")) {
			await().until(() -> stream.messages().size() >= 2);
			assertThat(stream.seqs("room.rewind")).containsExactly(4L, 5L);
			assertThat(stream.events("subscribed").get(0).id()).isEmpty();
		}
	}

	@Test
	void aPositionOfAnotherEpochIsNotRecoveredAndSaysWhereLiveStarts() {
		StreamNode.publish(this.one, "room.epoch", Content.text("m"));
		try (EventStream stream = EventStream.open(this.there, "topic=room.epoch&lastEventId=OTHER-7")) {
			EventStream.Event subscribed = stream.events("subscribed").get(0);
			assertThat(subscribed.json()).containsEntry("recovered", false)
				.containsEntry("reason", "epoch-changed")
				.containsEntry("seq", 1);
			assertThat(subscribed.id()).isEqualTo(subscribed.get("epoch") + "-1");
		}
	}

	@Test
	void aUsersOwnDestinationAndApplicationCodeAnswerToo() {
		try (EventStream stream = EventStream.open(this.here,
				"destination=/user/queue/notices&destination=/app/ready&login=ann")) {
			this.two.getBean(SimpMessagingTemplate.class).convertAndSendToUser("ann", "/queue/notices", "for you");
			EventStream.Event own = stream.await("the notice",
					(event) -> "/user/queue/notices".equals(event.get("destination"))
							&& event.name().equals("message"));
			EventStream.Event answer = stream.await("the answer",
					(event) -> "/app/ready".equals(event.get("destination")) && event.name().equals("message"));
			assertThat(own.json()).containsEntry("topic", "_user.ann.queue.notices")
				.containsEntry("payload", "for you");
			assertThat(answer.json()).containsEntry("payload", "ready").doesNotContainKeys("topic", "epoch", "seq");
		}
	}

	@Test
	void aStreamIsPresenceAndItsEndIsNoticed() {
		EventStream stream = EventStream.open(this.here, "topic=room.present&login=ann");
		String members = "/realtime/topics/room.present/presence";
		await().untilAsserted(
				() -> assertThat(Http.get(ChatNode.webPort(this.two), members).body()).contains("\"user\":\"ann\""));
		stream.close();
		await().atMost(20, TimeUnit.SECONDS)
			.untilAsserted(
					() -> assertThat(Http.get(ChatNode.webPort(this.two), members).body()).contains("\"count\":0"));
	}

}

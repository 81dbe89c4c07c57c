package dev.realtime.spring.journey;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.node.RealtimeNode;
import dev.realtime.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Long polling and SENDs over HTTP, on two nodes with a real Redis between them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PollsContract {

	private final RedisServer redis = RedisServer.start();

	private final ConfigurableApplicationContext one;

	private final ConfigurableApplicationContext two;

	private final int here;

	private final int there;

	PollsContract(String... properties) {
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
	void aPollWithoutAPositionIsToldWhereItStands() {
		HttpResponse<String> answer = Polls.poll(this.here, "topic=room.first");
		assertThat(answer.statusCode()).isEqualTo(200);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
		assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
		Map<String, Object> subscribed = Polls.events(answer).get(0);
		assertThat(subscribed).containsEntry("event", "subscribed")
			.containsEntry("topic", "room.first")
			.containsEntry("seq", 0);
		assertThat(Polls.position(answer)).isEqualTo(subscribed.get("epoch") + "-0");
	}

	@Test
	void aParkedPollAnswersAtOnceWhenThereIsNews() {
		String position = Polls.position(Polls.poll(this.here, "topic=room.park"));
		CompletableFuture<HttpResponse<String>> parked = CompletableFuture
			.supplyAsync(() -> Polls.poll(this.here, "topic=room.park&position=" + position));
		await().until(() -> isSubscribed(this.one));
		assertThat(parked).isNotDone();
		long published = System.nanoTime();
		StreamNode.publish(this.two, "room.park", Content.json("{\"a\":1}"));
		HttpResponse<String> answer = parked.orTimeout(20, TimeUnit.SECONDS).join();
		assertThat(System.nanoTime() - published).isLessThan(TimeUnit.SECONDS.toNanos(5));
		assertThat(Polls.events(answer)).filteredOn((event) -> "message".equals(event.get("event")))
			.singleElement()
			.satisfies((message) -> assertThat(message).containsEntry("topic", "room.park")
				.containsEntry("seq", 1)
				.containsEntry("payload", Map.of("a", 1)));
		assertThat(Polls.position(answer)).isEqualTo(position.replace("-0", "-1"));
	}

	@Test
	void aPollWithoutNewsIsAnsweredWithNothingButThePosition() {
		String position = Polls.position(Polls.poll(this.here, "topic=room.quiet"));
		HttpResponse<String> answer = Polls.poll(this.there, "topic=room.quiet&timeout=200&position=" + position);
		assertThat(answer.statusCode()).isEqualTo(204);
		assertThat(answer.body()).isEmpty();
		assertThat(Polls.position(answer)).isEqualTo(position);
	}

	@RepeatedTest(3)
	void thePositionsOfPollsChainWithoutLossWhileManyPublish() throws Exception {
		String name = "room.chain" + System.nanoTime();
		String query = "topic=" + name + "a&topic=" + name + 'b';
		int count = 1_500;
		String position = Polls.position(Polls.poll(this.here, query));
		List<CompletableFuture<Void>> publishing = IntStream.range(0, 4)
			.mapToObj((thread) -> CompletableFuture.runAsync(() -> {
				for (int i = 0; i < count / 2; i++) {
					StreamNode.publish((thread % 2 == 0) ? this.one : this.two, name + ((thread < 2) ? 'a' : 'b'),
							Content.text("m" + i));
				}
			}))
			.toList();
		Map<String, List<Long>> seen = Map.of(name + 'a', new ArrayList<>(), name + 'b', new ArrayList<>());
		int polls = 0;
		while (seen.values().stream().anyMatch((seqs) -> seqs.size() < count)) {
			HttpResponse<String> answer = Polls.poll((++polls % 2 == 0) ? this.here : this.there,
					query + "&timeout=5000&position=" + position);
			assertThat(answer.statusCode()).isEqualTo(200);
			List<Map<String, Object>> events = Polls.events(answer);
			assertThat(events.size()).isLessThanOrEqualTo(502);
			for (Map<String, Object> event : events) {
				if ("message".equals(event.get("event"))) {
					Object topic = event.get("topic");
					seen.getOrDefault(topic, List.of()).add(((Number) event.getOrDefault("seq", -1)).longValue());
				}
			}
			position = Polls.position(answer);
		}
		for (CompletableFuture<Void> publisher : publishing) {
			publisher.get(60, TimeUnit.SECONDS);
		}
		assertThat(seen.values()).allMatch((seqs) -> seqs.equals(LongStream.rangeClosed(1, count).boxed().toList()));
	}

	@Test
	void whatDoesNotFitComesWithTheNextPoll() {
		for (int i = 0; i < 700; i++) {
			StreamNode.publish(this.one, "room.many", Content.text("m" + i));
		}
		HttpResponse<String> answer = Polls.poll(this.there, "topic=room.many&rewind=700");
		List<Long> seen = new ArrayList<>(seqs(answer));
		assertThat(seen).hasSizeBetween(100, 500);
		while (seen.size() < 700) {
			answer = Polls.poll(this.there, "topic=room.many&timeout=5000&position=" + Polls.position(answer));
			assertThat(answer.statusCode()).isEqualTo(200);
			seen.addAll(seqs(answer));
		}
		assertThat(seen).isEqualTo(LongStream.rangeClosed(1, 700).boxed().toList());
	}

	@Test
	void aPollWhoseMessagesAreNoLongerKeptIsToldSo() {
		StreamNode.publish(this.one, "room.epoch", Content.text("m"));
		HttpResponse<String> answer = Polls.poll(this.there, "topic=room.epoch&position=OTHER-7");
		assertThat(Polls.events(answer).get(0)).containsEntry("event", "subscribed")
			.containsEntry("recovered", false)
			.containsEntry("reason", "epoch-changed");
		assertThat(Polls.position(answer)).endsWith("-1").doesNotStartWith("OTHER");
	}

	@Test
	void aUserWhoPollsStaysPresentBetweenThePolls() {
		String members = "/realtime/topics/room.here/presence";
		String events = "topic=_presence.room.here";
		String before = Polls.position(Polls.poll(this.here, events));
		String position = Polls.position(Polls.poll(this.here, "topic=room.here&login=ann"));
		for (int i = 0; i < 5; i++) {
			position = Polls
				.position(Polls.poll(this.here, "topic=room.here&login=ann&timeout=200&position=" + position));
		}
		assertThat(Http.get(ChatNode.webPort(this.two), members).body()).contains("\"user\":\"ann\"");
		HttpResponse<String> after = Polls.poll(this.there, events + "&position=" + before);
		assertThat(Polls.events(after)).filteredOn((event) -> "message".equals(event.get("event")))
			.singleElement()
			.satisfies((event) -> assertThat(event).containsEntry("type", "join"));
	}

	@Test
	void rule10_anIdOfAClientSuppressesNothingThatOthersPublish() {
		String id = "id-" + System.nanoTime();
		String query = "destination=/topic/room.scope&id=" + id;
		assertThat(Polls.json(Polls.send(this.here, query + "&login=eve", "eve"))).doesNotContainKey("duplicate");
		assertThat(Polls.json(Polls.send(this.there, query + "&login=eve", "eve"))).containsEntry("duplicate", true);
		assertThat(Polls.json(Polls.send(this.here, query + "&login=ann", "ann"))).doesNotContainKey("duplicate");
		assertThat(Polls.json(Polls.send(this.here, query, "nobody"))).doesNotContainKey("duplicate");
		Publication own = Publication.to(Topic.of("room.scope")).id(id).build();
		assertThat(this.one.getBean(RealtimePublisher.class).publishAndWait(own).duplicate()).isFalse();
		assertThat(this.two.getBean(RealtimePublisher.class).publishAndWait(own).duplicate()).isTrue();
	}

	@Test
	void aSendPublishesOnceForEachId() {
		String query = "destination=/topic/room.send&type=note&lang=en&id=";
		String id = "id-" + System.nanoTime();
		HttpResponse<String> first = Polls.send(this.here, query + id, "{\"a\":1}", "Content-Type", "application/json");
		HttpResponse<String> again = Polls.send(this.there, query + id, "{\"a\":1}", "Content-Type",
				"application/json");
		assertThat(first.statusCode()).isEqualTo(200);
		assertThat(Polls.json(first)).containsEntry("topic", "room.send")
			.containsKeys("epoch", "seq")
			.doesNotContainKey("duplicate");
		assertThat(Polls.json(again)).containsEntry("duplicate", true)
			.containsEntry("seq", Polls.json(first).get("seq"));
		HttpResponse<String> read = Polls.poll(this.here, "topic=room.send&rewind=1");
		assertThat(Polls.events(read).get(1)).containsEntry("id", id)
			.containsEntry("type", "note")
			.containsEntry("headers", Map.of("lang", "en"))
			.containsEntry("payload", Map.of("a", 1));
	}

	@Test
	void aSendReachesApplicationCode() {
		HttpResponse<String> answer = Polls.send(this.here, "destination=/app/say", "hello", "Content-Type",
				"text/plain");
		assertThat(answer.statusCode()).isEqualTo(204);
		assertThat(this.one.getBean(StreamNode.Talk.class).said).contains("hello");
	}

	@Test
	void aSendThatIsRefusedSaysWhy() {
		assertProblem(Polls.send(this.here, "destination=/topic/closed", "x"), 403, "client-publish");
		assertProblem(Polls.send(this.here, "destination=/user/ann/queue/x", "x"), 403, "client-publish");
		assertProblem(Polls.send(this.here, "destination=/topic/" + "x".repeat(256), "x"), 400, "bad-send");
		assertProblem(Polls.send(this.here, "destination=/topic/room.1&id=" + "x".repeat(200), "x"), 400, "bad-send");
		assertProblem(Polls.send(this.here, "type=x", "x"), 400, "bad-request");
		assertProblem(Polls.send(this.here, "destination=/topic/room.1", "x".repeat(65_537)), 413, "too-large");
		assertProblem(Polls.send(this.here, "destination=/topic/room.1&long=" + "x".repeat(4_100), "x"), 431,
				"header-too-large");
		assertThat(Polls.send(this.here, "destination=/topic/room.1", "x".repeat(65_000)).statusCode()).isEqualTo(200);
	}

	@Test
	void aRequestThatIsMalformedSaysHow() {
		assertProblem(Polls.poll(this.here, "rewind=1"), 400, "bad-request");
		assertProblem(Polls.poll(this.here, "topic=a&topic=b&position=E-1"), 400, "bad-request");
		assertProblem(Polls.poll(this.here, "topic=a&position=E-x"), 400, "bad-request");
		assertProblem(Polls.poll(this.here, "topic=a&position=-1"), 400, "bad-request");
		assertProblem(Polls.poll(this.here, "topic=a&rewind=-1"), 400, "bad-request");
		assertProblem(Polls.poll(this.here, "topic=a&timeout=soon"), 400, "bad-request");
		assertProblem(Polls.poll(this.here, "topic=a&login=x%0Arealtime:0"), 400, "bad-request");
		assertProblem(Polls.poll(this.here, "topic=a" + "&topic=a".repeat(100)), 400, "bad-request");
		assertProblem(Polls.ask(this.here, "GET", "/realtime/sse?topic=a&topic=b", "", "Last-Event-ID", "E-1"), 400,
				"bad-request");
		assertThat(Polls.ask(this.here, "POST", "/realtime/poll?topic=a", "x").statusCode()).isEqualTo(405);
		assertThat(Polls.ask(this.here, "GET", "/realtime/send?destination=/app/say", "").headers().firstValue("Allow"))
			.hasValue("POST");
	}

	private static void assertProblem(HttpResponse<String> answer, int status, String reason) {
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
		assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(Polls.json(answer)).containsEntry("status", status)
			.containsEntry("reason", reason)
			.containsKeys("title", "detail");
	}

	private static List<Long> seqs(HttpResponse<String> answer) {
		return Polls.events(answer)
			.stream()
			.filter((event) -> "message".equals(event.get("event")))
			.map((event) -> ((Number) event.getOrDefault("seq", -1)).longValue())
			.toList();
	}

	private static boolean isSubscribed(ConfigurableApplicationContext node) {
		return node.getBean(RealtimeNode.class).hub().stats().subscriptions() > 0;
	}

}

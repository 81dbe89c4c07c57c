package dev.realtime.spring.journey;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.RealtimePublisher;
import dev.realtime.Topic;
import dev.realtime.testing.KafkaServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Two fleets that share topics over Kafka. The bridge is cut for 8 seconds, or for the
 * seconds of the system property {@code regions.cut}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KafkaRegionsIT {

	private static final Duration CUT = Duration.ofSeconds(Integer.getInteger("regions.cut", 8));

	private static final Duration LONG = Duration.ofSeconds(40);

	private final KafkaServer kafka = KafkaServer.start();

	@AfterAll
	void stop() {
		this.kafka.close();
	}

	@Test
	void bothRegionsHaveTheSamePositionsAndARemotePublicationGetsTheHomesReceipt() {
		try (RegionFleets fleets = new RegionFleets(this.kafka, "us")) {
			ConfigurableApplicationContext eu = fleets.node("eu");
			ConfigurableApplicationContext us = fleets.node("us");
			StompTestClient there = fleets.client(us, "room.a");
			StompTestClient here = fleets.client(eu, "room.a");
			StompTestClient own = fleets.client(eu, "us.a");

			PublishReceipt first = RegionFleets.publish(eu, "room.a", "one");
			PublishReceipt second = await().atMost(LONG)
				.ignoreExceptions()
				.until(() -> RegionFleets.publish(us, "room.a", "two"), (receipt) -> true);
			PublishReceipt other = RegionFleets.publish(us, "us.a", "three");
			there.send("SEND", Map.of("destination", "/topic/room.a", "receipt", "sent"), "four");

			there.await("the receipt", (frame) -> "sent".equals(frame.get("receipt-id")));
			for (StompTestClient each : List.of(here, there)) {
				await().atMost(LONG)
					.untilAsserted(() -> assertThat(each.messages()).extracting(StompFrame::body).contains("four"));
				StompFrame last = each.await("the last message", (frame) -> frame.body().equals("four"));
				assertThat(last.header("epoch")).isEqualTo(first.position().epoch());
				assertThat(each.seqs()).isEqualTo(upTo(last.seq()));
			}
			assertThat(second.position().epoch()).isEqualTo(first.position().epoch());
			StompFrame fromUs = own.await("the message of us", StompFrame::isMessage);
			assertThat(fromUs.header("epoch")).isEqualTo(other.position().epoch());
			assertThat(there.frames()).noneMatch((frame) -> frame.isEvent("gap"));
		}
	}

	@Test
	void aForwardedIdIsPublishedOnce() {
		try (RegionFleets fleets = new RegionFleets(this.kafka, "us")) {
			ConfigurableApplicationContext eu = fleets.node("eu");
			ConfigurableApplicationContext us = fleets.node("us");
			reach(us, "room.reach");
			Publication publication = Publication.to(Topic.of("room.ids"))
				.payload(new byte[] { 1 }, "application/octet-stream")
				.id("order-1")
				.build();

			PublishReceipt first = us.getBean(RealtimePublisher.class).publishAndWait(publication);
			PublishReceipt again = us.getBean(RealtimePublisher.class).publishAndWait(publication);
			PublishReceipt athome = eu.getBean(RealtimePublisher.class).publishAndWait(publication);

			assertThat(first.duplicate()).isFalse();
			assertThat(List.of(again, athome)).allSatisfy((receipt) -> {
				assertThat(receipt.duplicate()).isTrue();
				assertThat(receipt.position()).isEqualTo(first.position());
			});
		}
	}

	/** On the side that lacks the bridge: the region with copies, or the home. */
	@ParameterizedTest
	@ValueSource(strings = { "us", "eu" })
	void rules3And7_everyNumberArrivesOnceInBothRegionsThoughTheBridgeIsCut(String side) {
		try (RegionFleets fleets = new RegionFleets(this.kafka, side)) {
			ConfigurableApplicationContext eu = fleets.node("eu");
			List<ConfigurableApplicationContext> us = List.of(fleets.node("us"), fleets.node("us"));
			List<StompTestClient> clients = List.of(fleets.client(eu, "room.cut"), fleets.client(us.get(0), "room.cut"),
					fleets.client(us.get(1), "room.cut"));
			long count = publishFor(eu, "room.cut", Duration.ofSeconds(2));
			await().atMost(LONG).untilAsserted(() -> assertThat(clients.get(1).seqs()).isNotEmpty());

			fleets.cut();
			count += publishFor(eu, "room.cut", CUT);
			long arrived = clients.get(1).seqs().size();
			RegionFleets.publish(eu, "room.firstDuringTheCut", "one");
			count++;
			RegionFleets.publish(eu, "room.cut", "the last one, and nothing follows it");
			fleets.heal();

			long all = count;
			await().atMost(LONG)
				.untilAsserted(
						() -> assertThat(clients).allSatisfy((client) -> assertThat(client.seqs()).hasSize((int) all)));
			assertThat(clients).allSatisfy((client) -> {
				assertThat(client.seqs()).isEqualTo(upTo(all));
				assertThat(client.frames()).noneMatch((frame) -> frame.isEvent("gap"));
			});
			StompTestClient late = StompTestClient.connect(ChatNode.port(us.get(1)), "bob");
			late.subscribe("sub-0", "/topic/room.cut",
					Map.of("epoch", clients.get(0).messages().get(0).header("epoch"), "last-seq", "0"));
			late.await("all from the copy", (frame) -> frame.isMessage() && frame.seq() == all);
			System.out.printf(
					"bridge of %s cut for %d s: %d messages published at home, %d of them had arrived before it was "
							+ "back; in the end %s arrived at one client at home and two in the other region%n",
					side, CUT.toSeconds(), all, arrived, clients.stream().map((each) -> each.seqs().size()).toList());
			assertThat(arrived).isLessThan(all);
			late.close();
		}
	}

	@Test
	void aHomeThatIsLostFailsPublicationsClearlyAndNothingElse() {
		try (RegionFleets fleets = new RegionFleets(this.kafka, "us")) {
			ConfigurableApplicationContext eu = fleets.node("eu");
			ConfigurableApplicationContext us = fleets.node("us");
			reach(us, "room.lost");
			StompTestClient client = fleets.client(us, "room.lost");
			PublishReceipt before = RegionFleets.publish(us, "room.lost", "before");
			client.await("what was published before", StompFrame::isMessage);
			eu.close();

			long start = System.nanoTime();
			assertThatThrownBy(() -> RegionFleets.publish(us, "room.lost", "while it is lost"))
				.isInstanceOf(PublishException.class)
				.hasMessageContaining("its home, the region \"eu\"");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
			await().atMost(LONG)
				.untilAsserted(() -> assertThatThrownBy(() -> RegionFleets.publish(us, "room.lost", "later"))
					.hasMessageContaining("has not been heard from for")
					.hasMessageContaining("nothing was published"));
			client.send("SEND", Map.of("destination", "/topic/room.lost", "receipt", "refused"), "refused");
			client.await("the refusal", (frame) -> frame.toString().contains("refused") && !frame.isMessage());
			assertThat(RegionFleets.publish(us, "us.lost", "own topics go on").position().seq()).isEqualTo(1);
			StompTestClient late = StompTestClient.connect(ChatNode.port(us), "bob");
			late.subscribe("sub-0", "/topic/room.lost",
					Map.of("epoch", before.position().epoch(), "last-seq", Long.toString(before.position().seq() - 1)));
			assertThat(late.await("recovery", StompFrame::isMessage).body()).isEqualTo("before");

			ConfigurableApplicationContext back = fleets.node("eu");
			RegionFleets.publish(back, "room.lost", "the home is back");
			reach(us, "room.lost");
			RegionFleets.publish(us, "room.lost", "done");
			StompFrame last = late.await("the end", (frame) -> frame.body().equals("done"));
			assertThat(late.seqs())
				.isEqualTo(LongStream.rangeClosed(before.position().seq(), last.seq()).boxed().toList());
			assertThat(late.messages()).extracting(StompFrame::body).doesNotContain("later", "refused");
			late.close();
		}
	}

	@Test
	void rule2_whatAHomeStoresAndDoesNotTellBeforeItDiesArrives() {
		try (RegionFleets fleets = new RegionFleets(this.kafka, "eu")) {
			ConfigurableApplicationContext eu = fleets.node("eu");
			ConfigurableApplicationContext us = fleets.node("us");
			reach(us, "room.reach");
			StompTestClient silent = fleets.client(us, "room.silent");
			StompTestClient busy = fleets.client(us, "room.busy");
			RegionFleets.publish(eu, "room.busy", "1");
			busy.await("the first", StompFrame::isMessage);
			fleets.cut();
			RegionFleets.publish(eu, "room.silent", "never told");
			RegionFleets.publish(eu, "room.busy", "2");
			eu.close();
			fleets.heal();

			fleets.node("eu");

			assertThat(silent.await("what was never told", StompFrame::isMessage).body()).isEqualTo("never told");
			await().atMost(LONG).untilAsserted(() -> assertThat(busy.seqs()).isEqualTo(upTo(2)));
		}
	}

	@Test
	void rule1_aNewEpochAtHomeReplacesTheCopys() {
		try (RegionFleets fleets = new RegionFleets(this.kafka, "us")) {
			ConfigurableApplicationContext eu = fleets.node("eu");
			ConfigurableApplicationContext us = fleets.node("us");
			StompTestClient client = fleets.client(us, "room.epoch");
			StompTestClient home = fleets.client(eu, "room.epoch");
			PublishReceipt old = RegionFleets.publish(eu, "room.epoch", "old");
			client.await("the old", StompFrame::isMessage);
			fleets.eu.stop();
			fleets.eu.restart();
			PublishReceipt fresh = await().atMost(LONG)
				.ignoreExceptions()
				.until(() -> RegionFleets.publish(eu, "room.epoch", "new"), (receipt) -> true);
			assertThat(fresh.position().epoch()).isNotEqualTo(old.position().epoch());

			for (StompTestClient each : List.of(home, client)) {
				StompFrame message = each.await("the new", (frame) -> frame.isMessage() && frame.body().equals("new"));
				assertThat(message.header("epoch")).isEqualTo(fresh.position().epoch());
				assertThat(each.frames()).anyMatch((frame) -> frame.toString().contains("epoch-changed"));
			}
		}
	}

	@Test
	void aCopyThatWasLostIsMadeAnew() {
		try (RegionFleets fleets = new RegionFleets(this.kafka, "us")) {
			ConfigurableApplicationContext eu = fleets.node("eu");
			ConfigurableApplicationContext us = fleets.node("us", "realtime.regions.compare-all-interval=2s");
			StompTestClient client = fleets.client(us, "room.copy");
			for (int i = 0; i < 700; i += 20) {
				RegionFleets.publishMany(eu, "room.copy", 20);
			}
			await().atMost(LONG).untilAsserted(() -> assertThat(client.seqs()).isEqualTo(upTo(700)));
			String epoch = client.messages().get(0).header("epoch");
			us.close();
			fleets.us.stop();
			fleets.us.restart();

			ConfigurableApplicationContext again = fleets.node("us");
			await().atMost(LONG).untilAsserted(() -> {
				try (StompTestClient late = StompTestClient.connect(ChatNode.port(again), "bob")) {
					late.subscribe("sub-0", "/topic/room.copy", Map.of("epoch", epoch, "last-seq", "0"));
					await().atMost(Duration.ofSeconds(3))
						.untilAsserted(() -> assertThat(late.seqs()).isEqualTo(upTo(700)));
				}
			});
		}
	}

	@Test
	void rule3_aNodeThatCopiesIsKilledInTheMiddle() {
		try (RegionFleets fleets = new RegionFleets(this.kafka, "us")) {
			ConfigurableApplicationContext eu = fleets.node("eu");
			ConfigurableApplicationContext us = fleets.node("us");
			NodeProcess victim = fleets.process("us");
			List<StompTestClient> clients = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				clients.add(fleets.client(us, "room.kill" + i));
			}
			int rounds = 600;
			for (int round = 0; round < rounds; round++) {
				if (round == rounds / 3) {
					victim.kill();
				}
				RegionFleets.publishOnEach(eu, "room.kill", clients.size(), "m" + round);
			}
			await().atMost(LONG)
				.untilAsserted(() -> assertThat(clients)
					.allSatisfy((client) -> assertThat(client.seqs()).isEqualTo(upTo(rounds))));
			System.out.printf("a copying node killed: %d messages on each of %d topics, all arrived once%n", rounds,
					clients.size());
		}
	}

	/** Publishes at a steady pace; returns how many. */
	private static long publishFor(ConfigurableApplicationContext node, String topic, Duration time) {
		long end = System.nanoTime() + time.toNanos();
		long count = 0;
		while (System.nanoTime() < end) {
			RegionFleets.publish(node, topic, "m" + count++);
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(12));
		}
		return count;
	}

	/** Publishes from another region until the home answers. */
	private static void reach(ConfigurableApplicationContext node, String topic) {
		await().atMost(LONG).ignoreExceptions().until(() -> {
			node.getBean(RealtimePublisher.class)
				.publishAndWait(Publication.of(Topic.of(topic + "-reach"), Content.text("reach")));
			return true;
		});
	}

	private static List<Long> upTo(long last) {
		return LongStream.rangeClosed(1, last).boxed().toList();
	}

}

package dev.realtime.spring.audit;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.spring.AuditProperties;
import dev.realtime.testing.CapturedLog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SecurityEventsTests {

	private static final Client ANN = new Client("ann", "s1", "192.0.2.7", "/topic/vault");

	private final Loop loop = new Loops().loop("audit");

	private final List<SecurityEvent> published = new CopyOnWriteArrayList<>();

	private final Map<String, Long> counted = new TreeMap<>();

	@RegisterExtension
	private final CapturedLog log = new CapturedLog(SecurityEvents.class);

	@AfterEach
	void stop() {
		this.loop.close();
	}

	@Test
	void anEventHasWhoWhereAndWhy() {
		events(1_000, Duration.ZERO, this.published::add).refused(Door.SUBSCRIBE, "no-access", ANN);
		await().until(() -> !this.published.isEmpty());
		SecurityEvent event = this.published.get(0);
		assertThat(event).isEqualTo(new SecurityEvent(event.time(), "node-1", Door.SUBSCRIBE, "no-access", "ann", "s1",
				"192.0.2.7", "/topic/vault"));
		assertThat(event.time()).isBefore(Instant.now().plusSeconds(1));
	}

	@Test
	void rule8_aTagIsNeverMadeOfAWordThatIsNotKnown() {
		SecurityEvents events = events(1_000, Duration.ZERO, this.published::add);
		for (int i = 0; i < 100; i++) {
			events.refused(Door.SEND, "of-the-application-" + i, ANN);
		}
		events.refused(Door.CONNECTION, "credentials expired", ANN);
		assertThat(counts(events)).containsExactly(Map.entry("connection expired", 1L), Map.entry("send other", 100L));
		await().until(() -> this.published.size() == 101);
		assertThat(this.published.get(7).reason()).isEqualTo("of-the-application-7");
	}

	@Test
	void mistakesAreCountedAloneAndFailuresAreNoRefusals() {
		SecurityEvents events = events(1_000, Duration.ZERO, this.published::add);
		events.refused(Door.SUBSCRIBE, "bad-subscribe", ANN);
		events.refused(Door.SEND, "publish-failed", ANN);
		events.refused(Door.CONNECT, "credentials unchecked", ANN);
		events.refused(Door.SEND, "forbidden", ANN);
		await().until(() -> !this.published.isEmpty());
		assertThat(this.published).extracting(SecurityEvent::reason).containsExactly("forbidden");
		assertThat(counts(events)).containsOnlyKeys("send forbidden", "subscribe bad-subscribe");
	}

	@Test
	void rule8_moreEventsThanMayWaitAreDroppedAndCountedWhileAListenerBlocks() throws InterruptedException {
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		SecurityEvents events = events(10, Duration.ZERO, (event) -> {
			blocked.countDown();
			try {
				release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			this.published.add(event);
		});
		events.refused(Door.SEND, "no-access", ANN);
		blocked.await();
		for (int i = 0; i < 100; i++) {
			events.refused(Door.SEND, "no-access", ANN);
		}
		assertThat(events.dropped()).isEqualTo(90);
		assertThat(counts(events)).containsEntry("send no-access", 101L);
		release.countDown();
		await().until(() -> this.published.size() == 11);
	}

	@Test
	void rule9_aListenerThatFailsCostsItsEventAlone() {
		SecurityEvents events = events(10, Duration.ofHours(1), (event) -> {
			this.published.add(event);
			throw new AssertionError("on purpose");
		});
		events.refused(Door.SEND, "no-access", ANN);
		events.refused(Door.SEND, "client-publish", ANN);
		await().until(() -> this.published.size() == 2);
		assertThat(this.log.list).hasSize(2);
	}

	@Test
	void aKindOfRefusalIsLoggedOnceInAnIntervalWithItsNumberAndASample() {
		SecurityEvents events = events(1_000, Duration.ofMillis(500), this.published::add);
		for (int i = 0; i < 40; i++) {
			events.refused(Door.SEND, "no-access", new Client("user-" + i, null, null, null));
			if (i == 0) {
				await().until(() -> !this.log.list.isEmpty());
			}
		}
		await().until(() -> List.copyOf(this.log.list).stream().mapToLong(SecurityEventsTests::number).sum() == 40);
		assertThat(this.log.list).hasSizeLessThan(4);
		assertThat(this.log.list.get(0).getFormattedMessage())
			.startsWith("Refusals at send for no-access: 1 since this was last logged, the latest of user user-0 ");
		events.refused(Door.SUBSCRIBE, "no-access", ANN);
		await().untilAsserted(() -> assertThat(this.log.list.get(this.log.list.size() - 1).getFormattedMessage())
			.isEqualTo("Refusals at subscribe for no-access: 1 since this was last logged, the latest of user ann from "
					+ "192.0.2.7 on /topic/vault (session s1)"));
	}

	@Test
	void rule10_whatAClientWroteIsOneShortLine() {
		SecurityEvent event = new SecurityEvent(Instant.now(), "node-1", Door.SEND, "no-access", "ann\nERROR forged",
				null, null, "/topic/\u2028" + "x".repeat(10_000));
		assertThat(event.user()).isEqualTo("ann?ERROR forged");
		assertThat(event.topic()).hasSize(201).startsWith("/topic/?xxx").endsWith("x…");
	}

	@Test
	void whatIsCutHasNoHalfOfASurrogatePair() {
		String smileys = "\uD83D\uDE00".repeat(200);
		SecurityEvent event = new SecurityEvent(Instant.now(), "node-1", Door.SEND, "no-access", smileys, null, null,
				'x' + smileys);
		assertThat(event.user()).isEqualTo(smileys.substring(0, 200) + '…');
		assertThat(event.topic()).isEqualTo('x' + smileys.substring(0, 198) + '…');
	}

	@Test
	void anAddressHasNoPort() {
		assertThat(Client.at(new InetSocketAddress("192.0.2.7", 4_711)).address()).isEqualTo("192.0.2.7");
		assertThat(Client.at(InetSocketAddress.createUnresolved("client.test", 1)).address()).isEqualTo("client.test");
		assertThat(Client.at(null).address()).isNull();
	}

	private SecurityEvents events(int queue, Duration interval, Consumer<SecurityEvent> publisher) {
		return new SecurityEvents("node-1", new AuditProperties(queue, interval), this.loop, publisher);
	}

	private Map<String, Long> counts(SecurityEvents events) {
		this.counted.clear();
		List<String> seen = new ArrayList<>();
		events.observe((door, reason, count) -> {
			seen.add(door + reason);
			this.counted.put(door + ' ' + reason, count.getAsLong());
		});
		assertThat(seen).doesNotHaveDuplicates();
		return this.counted;
	}

	private static long number(ILoggingEvent line) {
		return ((Number) line.getArgumentArray()[2]).longValue();
	}

}

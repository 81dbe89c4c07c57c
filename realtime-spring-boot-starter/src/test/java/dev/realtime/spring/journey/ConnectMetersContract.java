package dev.realtime.spring.journey;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.realtime.Content;
import dev.realtime.Position;
import dev.realtime.spring.DocumentedMeters;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.search.Search;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How long clients wait to be connected is measured at every door. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConnectMetersContract {

	private final String webSockets;

	private final ConfigurableApplicationContext node;

	private final int port;

	/**
	 * Starts a node.
	 * @param webSockets how WebSockets are counted
	 */
	ConnectMetersContract(String webSockets, String... properties) {
		this.webSockets = webSockets;
		this.node = StreamNode.startAlone(properties);
		this.port = ChatNode.port(this.node);
	}

	@AfterAll
	void stop() {
		this.node.close();
	}

	@Test
	void aWebSocketIsMeasuredOnceAndCountedWhileItIsOpen() {
		long before = connects(this.webSockets);
		StompTestClient client = StompTestClient.connect(this.port, "ann");
		try {
			await().until(() -> connects(this.webSockets) == before + 1);
			assertThat(open(this.webSockets)).isOne();
			client.subscribe("sub-0", "/topic/room.meters");
			assertThat(connects(this.webSockets)).isEqualTo(before + 1);
		}
		finally {
			client.close();
		}
		await().until(() -> open(this.webSockets) == 0);
	}

	@Test
	void aStreamIsMeasured() {
		try (EventStream stream = EventStream.open(this.port, "topic=room.stream")) {
			await().until(() -> connects("sse") == 1);
			assertThat(open("sse")).isOne();
			assertThat(stream.ended).isFalse();
		}
	}

	@Test
	void aPollAndASendAreMeasured() {
		assertThat(Polls.poll(this.port, "topic=room.poll").statusCode()).isEqualTo(200);
		assertThat(Polls.send(this.port, "destination=/app/say", "hello", "Content-Type", "text/plain").statusCode())
			.isLessThan(300);
		await().until(() -> connects("poll") == 1 && connects("send") == 1);
		await().until(() -> open("poll") == 0 && open("send") == 0);
	}

	@Test
	void aClientThatSaysNothingIsCountedAndNotMeasured() {
		long before = connects(this.webSockets);
		StompTestClient silent = StompTestClient.open(this.port);
		await().until(() -> open(this.webSockets) > 0);
		silent.close();
		await().until(() -> open(this.webSockets) == 0);
		assertThat(connects(this.webSockets)).isEqualTo(before);
	}

	@Test
	void aRecoveryIsMeasuredWithTheNumberOfItsMessages() {
		MeterRegistry registry = this.node.getBean(MeterRegistry.class);
		Position first = StreamNode.publish(this.node, "room.recovery", Content.text("1")).position();
		StreamNode.publish(this.node, "room.recovery", Content.text("2"));
		StreamNode.publish(this.node, "room.recovery", Content.text("3"));
		try (StompTestClient client = StompTestClient.connect(this.port, "ann")) {
			client.subscribe("sub-0", "/topic/room.recovery",
					Map.of("epoch", first.epoch(), "last-seq", String.valueOf(first.seq())));
			await().until(() -> client.seqs().size() == 2);
			await().until(() -> Search.in(registry)
				.name("realtime.recovery")
				.tag("outcome", "recovered")
				.timers()
				.stream()
				.anyMatch((timer) -> timer.count() == 1));
		}
		DistributionSummary messages = registry.get("realtime.recovery.messages").summary();
		assertThat(messages.count()).isOne();
		assertThat(messages.totalAmount()).isEqualTo(2);
	}

	@Test
	void aSampleOfWhatIsWrittenIsMeasuredByRule() {
		try (StompTestClient client = StompTestClient.connect(this.port, "ann")) {
			client.subscribe("sub-0", "/topic/room.written");
			await().until(() -> {
				for (int i = 0; i < 20; i++) {
					StreamNode.publish(this.node, "room.written", Content.text("x"));
				}
				return !Search.in(this.node.getBean(MeterRegistry.class))
					.name("realtime.written.lag")
					.tag("rule", "rooms")
					.timers()
					.isEmpty();
			});
		}
	}

	@Test
	void everyMeterThatTheNodeHasIsDocumented() {
		Map<String, DocumentedMeters.Meter> rows = DocumentedMeters.read();
		List<Meter> meters = this.node.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.filter((meter) -> meter.getId().getName().startsWith("realtime."))
			.toList();
		assertThat(meters).hasSizeGreaterThan(20).allSatisfy((meter) -> {
			DocumentedMeters.Meter row = Objects.requireNonNull(rows.get(meter.getId().getName()),
					meter.getId().getName());
			assertThat(row.kind()).isIn(kinds(meter.getId().getType()));
			assertThat(row.tags()).isEqualTo(
					meter.getId().getTags().stream().map(Tag::getKey).collect(Collectors.toCollection(TreeSet::new)));
		});
	}

	private static List<String> kinds(Meter.Type type) {
		return switch (type) {
			case GAUGE -> List.of("gauge");
			case COUNTER -> List.of("counter");
			case TIMER, DISTRIBUTION_SUMMARY -> List.of("histogram", "timer");
			default -> List.of();
		};
	}

	private long connects(String transport) {
		@Nullable Timer timer = Search.in(this.node.getBean(MeterRegistry.class))
			.name("realtime.connect")
			.tag("transport", transport)
			.timer();
		return (timer != null) ? timer.count() : 0;
	}

	private double open(String transport) {
		Gauge gauge = this.node.getBean(MeterRegistry.class)
			.get("realtime.connections.by.transport")
			.tag("transport", transport)
			.gauge();
		return gauge.value();
	}

}

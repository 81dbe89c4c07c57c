package dev.realtime.spring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import dev.realtime.Topic;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.hub.HubOptions;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.spring.drain.NodeDrain;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What health and metrics say about background loops. */
class LoopReportTests {

	private final Loops loops = new Loops(Duration.ofMillis(300));

	private final RealtimeNode node = RealtimeNode
		.builder("test", new MemoryBroker(Clock.systemUTC()), new MemoryPresence(PresenceOptions.DEFAULT, this.loops))
		.options(HubOptions.builder().shards(2).build())
		.destinations(Topic::name)
		.loops(this.loops)
		.build();

	private final MeterRegistry registry = new SimpleMeterRegistry();

	@BeforeEach
	void start() {
		this.node.start();
		new PublishingMetrics(this.node, this.node.policies(), this.loops, null).bindTo(this.registry);
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	@Test
	void rule9_aStalledLoopIsNamedByHealthAndCountedUntilItGoesOn() {
		Loop stuck = this.loops.loop("stuck-1");
		CountDownLatch end = new CountDownLatch(1);
		assertThat(health().status()).isEqualTo("UP");
		stuck.execute(() -> await().forever().until(() -> end.getCount() == 0));

		await().untilAsserted(() -> assertThat(health().status()).isEqualTo("DOWN"));
		assertThat(stalled()).isEqualTo(List.of("stuck-1"));
		assertThat(this.registry.get("realtime.loop.stalled").gauge().value()).isEqualTo(1);
		end.countDown();

		await().untilAsserted(() -> assertThat(health().status()).isEqualTo("UP"));
		assertThat(stalled()).isEqualTo(List.of());
		assertThat(this.registry.get("realtime.loop.stalled").gauge().value()).isZero();
		stuck.close();
	}

	@Test
	void failuresAreCountedForEachKindOfLoop() {
		Loop later = this.loops.loop("later-7");
		later.execute(() -> {
			throw new OutOfMemoryError("simulated");
		});

		await().untilAsserted(() -> assertThat(failures("later")).isEqualTo(1));
		later.close();
		assertThat(failures("later")).isEqualTo(1);
		assertThat(failures("realtime-shard")).isZero();
		assertThat(this.registry.find("realtime.loop.failures").meters())
			.extracting((meter) -> meter.getId().getTag("loop"))
			.containsExactlyInAnyOrder("later", "realtime-presence", "realtime-shard", "realtime-timer");
	}

	private NodeHealth health() {
		return NodeHealth.of(this.node, this.loops, 0, false, NodeDrain.State.SERVING, null, null);
	}

	private double failures(String kind) {
		return this.registry.get("realtime.loop.failures").tag("loop", kind).functionCounter().count();
	}

	private @Nullable Object stalled() {
		return (health().details().get("loops") instanceof Map<?, ?> loops) ? loops.get("stalled") : null;
	}

}

package dev.realtime.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.loop.Loops;
import dev.realtime.presence.MemoryPresence;
import dev.realtime.presence.PresenceOptions;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A node that takes no new connections for a while. */
class RefusedConnectionsTests {

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final Loops loops = new Loops(this.environment, Loops.STALLED_AFTER);

	private final RealtimeNode node = RealtimeNode
		.builder("test", new MemoryBroker(this.environment), new MemoryPresence(PresenceOptions.DEFAULT, this.loops))
		.loops(this.loops)
		.build();

	private final List<Integer> drained = new ArrayList<>();

	@BeforeEach
	void start() {
		this.node.onDrained((nanos, left) -> this.drained.add(left));
		this.node.start();
	}

	@AfterEach
	void close() {
		this.node.close();
	}

	@Test
	void newConnectionsAreClosedWith1012AndOpenOnesStay() {
		RecordingTransport before = new RecordingTransport();
		this.node.hub().connect("before", before);
		this.node.refuseConnections(true);
		RecordingTransport late = new RecordingTransport();
		this.node.hub().connect("late", late);
		this.environment.advance(Duration.ofSeconds(1));

		assertThat(late.closed).isEqualTo(CloseReason.RESTART);
		assertThat(before.closed).isNull();
		assertThat(this.node.hub().connections()).singleElement()
			.satisfies((connection) -> assertThat(connection.id()).isEqualTo("before"));
		assertThat(this.node.isServing()).isFalse();
		assertThat(this.node.isOpen()).isTrue();
	}

	@Test
	void itPublishesAndIsTakenBack() {
		this.node.refuseConnections(true);
		assertThat(this.node.publish(Publication.to(Topic.of("room.1")).content(Content.json("{}")).build())
			.toCompletableFuture()).isCompleted();
		this.node.refuseConnections(false);
		RecordingTransport late = new RecordingTransport();
		this.node.hub().connect("late", late);

		assertThat(late.closed).isNull();
		assertThat(this.node.isServing()).isTrue();
	}

	@Test
	void aNodeWithoutConnectionsIsNotDrainedAgainAtItsEnd() {
		this.node.refuseConnections(true);
		this.node.drain(Duration.ofSeconds(4), Duration.ofSeconds(20));

		assertThat(this.drained).isEmpty();
		assertThat(this.node.isServing()).isFalse();
	}

	@Test
	void connectionsThatAreLeftAreDrainedAtItsEnd() {
		this.node.hub().connect("before", new RecordingTransport());
		this.node.refuseConnections(true);
		this.node.drain(Duration.ofSeconds(4), Duration.ofSeconds(20));

		assertThat(this.drained).containsExactly(0);
		assertThat(this.node.hub().connections()).isEmpty();
	}

}

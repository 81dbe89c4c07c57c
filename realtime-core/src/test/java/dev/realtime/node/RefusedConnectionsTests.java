package dev.realtime.node;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.RecordingTransport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A node that takes no new connections for a while. */
class RefusedConnectionsTests extends VirtualNodeFixture {

	private final List<Integer> drained = new ArrayList<>();

	@BeforeEach
	void start() {
		this.node.onDrained((nanos, left) -> this.drained.add(left));
		this.node.start();
	}

	@Test
	void newConnectionsAreClosedWith1012AndOpenOnesStay() {
		RecordingTransport before = connect("before");
		this.node.refuseConnections(true);
		RecordingTransport late = connect("late");
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
		RecordingTransport late = connect("late");

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
		connect("before");
		this.node.refuseConnections(true);
		this.node.drain(Duration.ofSeconds(4), Duration.ofSeconds(20));

		assertThat(this.drained).containsExactly(0);
		assertThat(this.node.hub().connections()).isEmpty();
	}

}

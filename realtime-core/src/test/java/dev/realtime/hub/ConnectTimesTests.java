package dev.realtime.hub;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.TransportKind;
import dev.realtime.delivery.Frame;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** How long clients wait for CONNECTED, and how they are connected. */
class ConnectTimesTests extends VirtualHubFixture<MemoryBroker> {

	private final List<Duration> told = new ArrayList<>();

	ConnectTimesTests() {
		super(new VirtualEnvironment(1), MemoryBroker::new, OPTIONS);
		this.hub.stats().onConnected((kind, nanos) -> this.told.add(Duration.ofNanos(nanos)));
	}

	@Test
	void theTimeFromTheHandshakeToTheWriteOfConnectedIsToldOnce() {
		RecordingTransport socket = new RecordingTransport();
		Connection connection = this.hub.connect("ann", socket);
		connection.send(frame("before"));
		settle();
		pass(Duration.ofSeconds(3));
		assertThat(this.told).isEmpty();

		connection.sendConnected(frame("CONNECTED"));
		settle();
		connection.send(frame("after"));
		settle();

		assertThat(socket.frames).containsExactly("before", "CONNECTED", "after");
		assertThat(this.told).hasSize(1)
			.first()
			.satisfies((time) -> assertThat(time).isGreaterThan(Duration.ofSeconds(2)));
	}

	@Test
	void aSocketThatIsBusyDelaysIt() {
		RecordingTransport socket = new RecordingTransport();
		Connection connection = this.hub.connect("ann", socket);
		socket.stopReading();
		connection.send(frame("before"));
		settle();
		connection.sendConnected(frame("CONNECTED"));
		settle();
		pass(Duration.ofSeconds(1));
		assertThat(this.told).isEmpty();
		socket.readAgain();
		settle();

		assertThat(socket.frames).containsExactly("before", "CONNECTED");
		assertThat(this.told).hasSize(1);
	}

	@Test
	void aClientThatIsRefusedIsNotTold() {
		Connection connection = this.hub.connect("ann", new RecordingTransport());
		connection.send(frame("ERROR"));
		connection.close(CloseReason.policy("bad-credentials"));
		settle();
		connection.sendConnected(frame("CONNECTED"));
		settle();

		assertThat(this.told).isEmpty();
	}

	@Test
	void rule9_aListenerThatThrowsEndsNoConnection() {
		this.hub.stats().onConnected((kind, nanos) -> {
			throw new AssertionError("on purpose");
		});
		RecordingTransport socket = new RecordingTransport();
		Connection connection = this.hub.connect("ann", socket);
		connection.sendConnected(frame("CONNECTED"));
		settle();
		connection.send(frame("after"));
		settle();

		assertThat(socket.frames).containsExactly("CONNECTED", "after");
		assertThat(connection.isGone()).isFalse();
	}

	@Test
	void connectionsAreCountedByTheirKindUntilTheyEnd() {
		RecordingTransport first = connected("ann");
		RecordingTransport second = connected("bob");
		assertThat(List.of(first, second)).isNotEmpty();
		settle();
		assertThat(this.hub.stats().connections(TransportKind.OTHER)).isEqualTo(2);

		connection("ann").closed();
		settle();

		assertThat(this.hub.stats().connections(TransportKind.OTHER)).isOne();
		assertThat(this.hub.stats().connections(TransportKind.DIRECT)).isZero();
	}

	private static Frame frame(String text) {
		return Frame.of(text.getBytes(StandardCharsets.UTF_8));
	}

}

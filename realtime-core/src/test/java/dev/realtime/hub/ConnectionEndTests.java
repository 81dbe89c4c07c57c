package dev.realtime.hub;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.TopicPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How a connection ends by the clock, and what is done at its end. */
class ConnectionEndTests {

	private final UnreliableBroker broker = new UnreliableBroker();

	private final Hub hub = new Hub(HubOptions.DEFAULT.withShards(1), this.broker, new PlainEncoder(),
			(topic) -> TopicPolicy.DEFAULT, HubListener.NONE);

	ConnectionEndTests() {
		this.broker.start(this.hub);
		this.hub.start();
	}

	@AfterEach
	void close() {
		this.hub.close();
		this.broker.close();
	}

	@Test
	void aConnectionIsClosedAfterItsDeadlineWhateverComesFromTheClient() {
		RecordingTransport socket = new RecordingTransport();
		Connection connection = this.hub.connect("c", socket);
		connection.closeAfter(Duration.ofMillis(200), CloseReason.policy("connect-timeout"));
		await().untilAsserted(() -> {
			connection.wasRead();
			assertThat(socket.closed).isEqualTo(CloseReason.policy("connect-timeout"));
		});
		assertThat(connection.isGone()).isTrue();
	}

	@Test
	void aDeadlineThatIsCalledOffClosesNothing() {
		RecordingTransport called = new RecordingTransport();
		RecordingTransport kept = new RecordingTransport();
		Connection connection = this.hub.connect("called-off", called);
		connection.closeAfter(Duration.ofMillis(50), CloseReason.policy("x"));
		connection.stayOpen();
		this.hub.connect("kept", kept).closeAfter(Duration.ofMillis(50), CloseReason.policy("x"));
		await().until(() -> kept.closed != null);
		RecordingTransport later = new RecordingTransport();
		this.hub.connect("later", later).closeAfter(Duration.ofMillis(50), CloseReason.policy("x"));
		await().until(() -> later.closed != null);
		assertThat(called.closed).isNull();
	}

	@Test
	void introducingTheClientDoesNotCallOffADeadline() {
		RecordingTransport socket = new RecordingTransport();
		Connection connection = this.hub.connect("c", socket);
		connection.closeAfter(Duration.ofMillis(50), CloseReason.UNAVAILABLE);
		connection.introduce("ann", true, Duration.ZERO, Duration.ZERO);
		await().untilAsserted(() -> assertThat(socket.closed).isEqualTo(CloseReason.UNAVAILABLE));
	}

	@Test
	void rule9_eachTaskForTheEndRunsOnceWhateverAnotherThrows() {
		AtomicInteger runs = new AtomicInteger();
		Connection connection = this.hub.connect("c", new RecordingTransport());
		connection.whenClosed(() -> {
			throw new AssertionError("on purpose");
		});
		connection.whenClosed(runs::incrementAndGet);
		connection.close(CloseReason.NORMAL);
		assertThat(runs).hasValue(0);
		connection.closed();
		connection.closed();
		assertThat(runs).hasValue(1);
		connection.whenClosed(runs::incrementAndGet);
		assertThat(runs).hasValue(2);
	}

}

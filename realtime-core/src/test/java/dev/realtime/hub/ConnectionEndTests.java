package dev.realtime.hub;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.TopicPolicy;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** How a connection ends by the clock, and what is done at its end. */
class ConnectionEndTests {

	private final UnreliableBroker broker = new UnreliableBroker();

	private final Hub hub = new Hub(HubOptions.builder().shards(1).build(), this.broker, new PlainEncoder(),
			(topic) -> TopicPolicy.DEFAULT, ConnectionListener.NONE);

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
		connection.lifetime().closeAfter(Duration.ofMillis(200), CloseReason.policy("connect-timeout"));
		await().untilAsserted(() -> {
			connection.lifetime().received();
			assertThat(socket.closed).isEqualTo(CloseReason.policy("connect-timeout"));
		});
		assertThat(connection.isGone()).isTrue();
	}

	@Test
	void aDeadlineThatIsCalledOffClosesNothing() {
		RecordingTransport called = new RecordingTransport();
		RecordingTransport kept = new RecordingTransport();
		Connection connection = this.hub.connect("called-off", called);
		connection.lifetime().closeAfter(Duration.ofMillis(50), CloseReason.policy("x"));
		connection.lifetime().stayOpen();
		this.hub.connect("kept", kept).lifetime().closeAfter(Duration.ofMillis(50), CloseReason.policy("x"));
		await().until(() -> kept.closed != null);
		RecordingTransport later = new RecordingTransport();
		this.hub.connect("later", later).lifetime().closeAfter(Duration.ofMillis(50), CloseReason.policy("x"));
		await().until(() -> later.closed != null);
		assertThat(called.closed).isNull();
	}

	@Test
	void introducingTheClientDoesNotCallOffADeadline() {
		RecordingTransport socket = new RecordingTransport();
		Connection connection = this.hub.connect("c", socket);
		connection.lifetime().closeAfter(Duration.ofMillis(50), CloseReason.UNAVAILABLE);
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

	@Test
	void theOwnerIsToldOnceWhyTheNodeClosesAndNotThatTheClientHasLeft() {
		List<CloseReason> reasons = new CopyOnWriteArrayList<>();
		RecordingTransport socket = new RecordingTransport();
		Connection connection = this.hub.connect("closed", socket);
		connection.belongTo(reasons::add);
		connection.close(CloseReason.policy("blocked"));
		connection.close(CloseReason.RESTART);
		await().until(() -> socket.closed != null);
		assertThat(reasons).containsExactly(CloseReason.policy("blocked"));
		RecordingTransport late = new RecordingTransport();
		Connection overdue = this.hub.connect("overdue", late);
		overdue.belongTo(reasons::add);
		overdue.lifetime().closeAfter(Duration.ofMillis(50), CloseReason.NOT_CONNECTED);
		Connection gone = this.hub.connect("gone", new RecordingTransport());
		gone.belongTo(reasons::add);
		gone.closed();
		await().until(() -> late.closed != null);
		assertThat(reasons).containsExactly(CloseReason.policy("blocked"), CloseReason.NOT_CONNECTED);
	}

	@Test
	void rule9_anOwnerThatFailsKeepsNothingOpen() {
		RecordingTransport socket = new RecordingTransport();
		Connection connection = this.hub.connect("c", socket);
		connection.belongTo((reason) -> {
			throw new AssertionError("on purpose");
		});
		connection.close(CloseReason.policy("blocked"));
		await().untilAsserted(() -> assertThat(socket.closed).isEqualTo(CloseReason.policy("blocked")));
	}

}

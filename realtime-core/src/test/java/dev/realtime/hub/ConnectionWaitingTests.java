package dev.realtime.hub;

import java.util.concurrent.CompletableFuture;

import dev.realtime.TopicPolicy;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.PlainEncoder;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.Waiting;
import dev.realtime.delivery.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

/** What waits for a connection's socket is counted behind what it was given before. */
class ConnectionWaitingTests {

	private final UnreliableBroker broker = new UnreliableBroker();

	private final Hub hub = new Hub(HubOptions.builder().shards(1).build(), this.broker, new PlainEncoder(),
			(topic) -> TopicPolicy.DEFAULT, ConnectionListener.NONE);

	private final RecordingTransport socket = new RecordingTransport();

	private final Connection connection = this.hub.connect("c", this.socket);

	@AfterEach
	void close() {
		this.hub.close();
		this.broker.close();
	}

	@Test
	void eachFrameThatWasSentBeforeIsCounted() {
		this.socket.stopReading();
		for (int i = 1; i <= 100; i++) {
			this.connection.send(Frame.of("four".getBytes(US_ASCII)));
			assertThat(waiting()).isEqualTo(new Waiting(i, 4 * i));
		}
	}

	@Test
	void nothingWaitsForAConnectionThatIsClosed() {
		this.socket.stopReading();
		this.connection.send(Frame.of("four".getBytes(US_ASCII)));
		this.connection.closed();
		assertThat(waiting()).isEqualTo(new Waiting(0, 0));
	}

	private Waiting waiting() {
		CompletableFuture<Waiting> counted = new CompletableFuture<>();
		this.connection.countWaiting(counted::complete);
		return counted.join();
	}

}

package dev.realtime.bench.load;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What is lost, doubled or reordered between two connections is noticed. */
class ReturningClientTests {

	private final Load load = new Load(new StompDialect(true));

	private final ReturningClients clients = new ReturningClients(this.load, 0, (i) -> "bench.0", (failed) -> 0);

	private final ReturningClient client = new ReturningClient(this.clients, 1, "bench.0");

	@BeforeEach
	void wasLiveOnce() {
		Peer first = this.client.next(this.load);
		assertThat(first.resume()).isEmpty();
		this.client.subscribing();
		this.client.live("E", 4);
		this.client.received(1);
		this.client.received(2);
		this.client.closed();
	}

	@AfterEach
	void close() {
		this.load.close();
	}

	@Test
	void comesBackWithItsPosition() {
		assertThat(this.client.next(this.load).resume()).isEqualTo("epoch:E\nlast-seq:6\n");
	}

	@Test
	void isBackWhenEverythingThatItMissedHasArrived() {
		this.client.next(this.load);
		this.client.subscribing();
		this.client.live("E", 8);
		this.client.received(3);
		assertThat(this.clients.counts().returns().getTotalCount()).isEqualTo(1);
		this.client.received(4);
		assertThat(this.clients.counts().returns().getTotalCount()).isEqualTo(2);
		assertThat(this.clients.counts().replayed()).isEqualTo(2);
		this.clients.checkExact((topic) -> 4);
	}

	@Test
	void aLostMessageIsNoticed() {
		again();
		this.client.received(4);
		assertThatIllegalStateException().isThrownBy(() -> this.clients.checkExact((topic) -> 3))
			.withMessageContaining("client 1 got message 4 after 2");
	}

	@Test
	void aDoubledMessageIsNoticed() {
		again();
		this.client.received(2);
		assertThatIllegalStateException().isThrownBy(() -> this.clients.checkExact((topic) -> 3))
			.withMessageContaining("client 1 got message 2 after 2");
	}

	@Test
	void anotherEpochIsNoticed() {
		this.client.next(this.load);
		this.client.subscribing();
		this.client.live("F", 6);
		assertThatIllegalStateException().isThrownBy(() -> this.clients.checkExact((topic) -> 2))
			.withMessageContaining("the epoch E became F");
	}

	@Test
	void aClientThatGotLessThanItsTopicHadIsNoticed() {
		ReturningClients alone = new ReturningClients(this.load, 1, (i) -> "bench.0", (failed) -> 1);
		assertThatIllegalStateException().isThrownBy(() -> alone.checkExact((topic) -> 1))
			.withMessage("A client of bench.0 got 0 messages instead of 1");
	}

	private void again() {
		this.client.next(this.load);
		this.client.subscribing();
		this.client.live("E", 7);
	}

}

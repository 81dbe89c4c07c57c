package dev.realtime.spring.stomp;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.FrameEncoder;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is kept for a connection, and when it is released. */
class PerConnectionTests {

	private final Hub hub = new Hub(HubOptions.builder().shards(1).build(), new MemoryBroker(Clock.systemUTC()),
			encoder(), (topic) -> TopicPolicy.DEFAULT, ConnectionListener.NONE);

	private final List<List<String>> ended = new ArrayList<>();

	private final PerConnection<List<String>> kept = new PerConnection<>(ArrayList::new, this.ended::add);

	@AfterEach
	void stop() {
		this.hub.close();
	}

	@Test
	void rule8_whatIsKeptIsReleasedWhenTheSocketIsClosedAndNotBefore() {
		Connection connection = connect("a");
		this.kept.of(connection).add("x");
		assertThat(this.kept.of(connection)).containsExactly("x");
		connection.close(CloseReason.NORMAL);
		assertThat(this.kept.find("a")).containsExactly("x");
		connection.closed();
		assertThat(this.kept.find("a")).isNull();
		assertThat(this.ended).containsExactly(List.of("x"));
		assertThat(this.kept.size()).isZero();
	}

	@Test
	void rule8_whatComesAfterTheEndIsNotKept() {
		Connection connection = connect("a");
		connection.closed();
		assertThat(this.kept.of(connection)).isEmpty();
		assertThat(this.kept.size()).isZero();
		assertThat(this.ended).hasSize(1);
	}

	@Test
	void aUsersConnectionCountsUntilItsSocketIsClosed() {
		UserConnections users = new UserConnections(1);
		Connection first = connect("a");
		assertThat(users.connected("ann", first)).isTrue();
		first.close(CloseReason.NORMAL);
		assertThat(users.connected("ann", connect("b"))).isFalse();
		first.closed();
		assertThat(users.connected("ann", connect("c"))).isTrue();
	}

	@Test
	void rule8_aSocketCountsOnceAndFromItsHandshakeOn() {
		UserConnections users = new UserConnections(2);
		Connection first = connect("a");
		assertThat(users.opened("ann", first)).isTrue();
		assertThat(users.connected("ann", first)).isTrue();
		assertThat(users.connected("ann", first)).isTrue();
		assertThat(users.opened("ann", connect("b"))).isTrue();
		assertThat(users.hasRoom("ann")).isFalse();
		assertThat(users.opened("ann", connect("c"))).isFalse();
	}

	@Test
	void aSocketWhoseConnectNamesAnotherUserCountsForThatOne() {
		UserConnections users = new UserConnections(1);
		Connection socket = connect("a");
		assertThat(users.opened("gateway", socket)).isTrue();
		assertThat(users.connected("ann", socket)).isTrue();
		assertThat(users.hasRoom("gateway")).isTrue();
		assertThat(users.hasRoom("ann")).isFalse();
		socket.closed();
		assertThat(users.size()).isZero();
		assertThat(users.connected("ann", socket)).isTrue();
		assertThat(users.size()).isZero();
	}

	@Test
	void aWatchThatBeginsAfterTheEndIsClosed() {
		AtomicInteger closed = new AtomicInteger();
		UnreadWatches watches = new UnreadWatches();
		watches.put("1", List.of(), closed::incrementAndGet);
		watches.put("1", List.of(), closed::incrementAndGet);
		assertThat(closed).hasValue(1);
		watches.end();
		assertThat(closed).hasValue(2);
		watches.put("2", List.of(), closed::incrementAndGet);
		assertThat(closed).hasValue(3);
	}

	@Test
	void theLastPendingAnswerLetsTheClientGo() {
		PendingAnswers answers = new PendingAnswers();
		CompletableFuture<String> one = new CompletableFuture<>();
		CompletableFuture<String> two = new CompletableFuture<>();
		answers.add(one);
		answers.add(two);
		AtomicInteger gone = new AtomicInteger();
		answers.whenNone(gone::incrementAndGet);
		assertThat(one.complete("stored")).isTrue();
		assertThat(gone).hasValue(0);
		assertThat(two.completeExceptionally(new IllegalStateException("on purpose"))).isTrue();
		assertThat(gone).hasValue(1);
	}

	private Connection connect(String id) {
		return this.hub.connect(id, new Silent());
	}

	private static FrameEncoder encoder() {
		return (FrameEncoder) Proxy.newProxyInstance(PerConnectionTests.class.getClassLoader(),
				new Class<?>[] { FrameEncoder.class }, (proxy, method, arguments) -> new byte[] { '\n' });
	}

	/** Takes everything. */
	private static final class Silent implements Transport {

		@Override
		public void write(Batch batch, Completion done) {
			done.done(null);
		}

		@Override
		public int batchBytes() {
			return 8_192;
		}

		@Override
		public void close(CloseReason reason) {
		}

	}

}

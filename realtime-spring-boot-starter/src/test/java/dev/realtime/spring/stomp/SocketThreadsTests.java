package dev.realtime.spring.stomp;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.FrameEncoder;
import dev.realtime.delivery.Frame;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubOptions;
import jakarta.websocket.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.web.socket.WebSocketSession;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class SocketThreadsTests {

	private static final int STUCK = 200;

	private final SocketThreads threads = new SocketThreads(STUCK + 10);

	private final Hub hub = new Hub(HubOptions.builder().shards(1).build(), new MemoryBroker(Clock.systemUTC()),
			encoder(), (topic) -> TopicPolicy.DEFAULT, ConnectionListener.NONE);

	private final CountDownLatch reading = new CountDownLatch(1);

	private final AtomicInteger closing = new AtomicInteger();

	private final CountDownLatch closed = new CountDownLatch(STUCK);

	@BeforeEach
	void start() {
		this.hub.start();
	}

	@AfterEach
	void stop() {
		this.reading.countDown();
		this.hub.close();
		this.threads.close();
	}

	@Test
	void rule5_clientsThatDoNotReadCostTheirOwnConnectionsAlone() throws InterruptedException {
		stickWriters();
		for (int i = 0; i < 10; i++) {
			CountDownLatch written = new CountDownLatch(1);
			blocking("healthy" + i, session(written::countDown, () -> {
			})).send(frame());
			assertThat(written.await(3, TimeUnit.SECONDS)).isTrue();
		}
		CountDownLatch plain = new CountDownLatch(1);
		plain("plain", session(() -> {
		}, plain::countDown)).close(CloseReason.OVERFLOW);
		assertThat(plain.await(1, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void rule5_closingConnectionsThatDoNotReadDelaysNoOther() throws InterruptedException {
		List<Connection> stuck = new ArrayList<>();
		for (int i = 0; i < STUCK; i++) {
			// As Tomcat: the write never ends, and closing waits for it.
			Connection connection = plain("stuck" + i, session(() -> {
			}, () -> {
				this.closing.incrementAndGet();
				waitForReader();
			}));
			connection.send(frame());
			stuck.add(connection);
		}
		stuck.forEach((connection) -> connection.close(CloseReason.STUCK));
		await().until(() -> this.closing.get() == SocketThreads.THREADS);
		CountDownLatch idle = new CountDownLatch(1);
		plain("idle", session(() -> {
		}, idle::countDown)).close(CloseReason.OVERFLOW);
		assertThat(idle.await(1, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void aStuckConnectionIsClosedByItsOwnThread() throws InterruptedException {
		List<Connection> stuck = stickWriters();
		stuck.forEach((connection) -> connection.close(CloseReason.STUCK));
		await().until(() -> stuck.stream().allMatch(Connection::isGone));
		this.reading.countDown();
		assertThat(this.closed.await(5, TimeUnit.SECONDS)).isTrue();
		CountDownLatch written = new CountDownLatch(1);
		blocking("healthy", session(written::countDown, () -> {
		})).send(frame());
		assertThat(written.await(3, TimeUnit.SECONDS)).isTrue();
		await().untilAsserted(() -> {
			this.threads.replaceStuckThreads();
			assertThat(this.threads.writers()).isEqualTo(SocketThreads.THREADS);
		});
	}

	@Test
	void rule8_theNumberOfConnectionsThatMayNeedAThreadIsBounded() {
		for (int i = 0; i < STUCK + 10; i++) {
			assertThat(this.threads.admit()).isTrue();
		}
		assertThat(this.threads.admit()).isFalse();
		this.threads.left();
		assertThat(this.threads.admit()).isTrue();
	}

	private List<Connection> stickWriters() {
		List<Connection> stuck = new ArrayList<>();
		for (int i = 0; i < STUCK; i++) {
			Connection connection = blocking("stuck" + i, session(this::waitForReader, this.closed::countDown));
			connection.send(frame());
			stuck.add(connection);
		}
		return stuck;
	}

	private void waitForReader() {
		try {
			this.reading.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Connection blocking(String id, WebSocketSession session) {
		BlockingTransport transport = new BlockingTransport(session, this.threads);
		Connection connection = this.hub.connect(id, transport);
		transport.opened();
		return connection;
	}

	/** The container's session never says that a write is done. */
	private Connection plain(String id, WebSocketSession session) {
		Session container = (Session) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { Session.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "getUserProperties" -> new HashMap<>();
					case "getAsyncRemote" -> Proxy.newProxyInstance(getClass().getClassLoader(),
							new Class<?>[] { method.getReturnType() }, (remote, send, text) -> null);
					default -> null;
				});
		return this.hub.connect(id, new ServletTransport(session, container, this.threads, new Packing(true)));
	}

	private static FrameEncoder encoder() {
		return (FrameEncoder) Proxy.newProxyInstance(SocketThreadsTests.class.getClassLoader(),
				new Class<?>[] { FrameEncoder.class }, (proxy, method, arguments) -> new byte[] { '\n' });
	}

	private static Frame frame() {
		return Frame.of(new byte[] { '\n' });
	}

	private static WebSocketSession session(Runnable send, Runnable close) {
		return (WebSocketSession) Proxy.newProxyInstance(SocketThreadsTests.class.getClassLoader(),
				new Class<?>[] { WebSocketSession.class }, (proxy, method, arguments) -> {
					switch (method.getName()) {
						case "sendMessage" -> send.run();
						case "close" -> close.run();
						default -> {
							// Not asked.
						}
					}
					return method.getReturnType() == boolean.class ? true : null;
				});
	}

}

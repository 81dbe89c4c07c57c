package dev.realtime.spring.sessions;

import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.realtime.TopicPattern;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.MemoryBroker;
import dev.realtime.connection.CloseReason;
import dev.realtime.connection.ConnectionListener;
import dev.realtime.connection.FrameEncoder;
import dev.realtime.connection.Transport;
import dev.realtime.delivery.Batch;
import dev.realtime.hub.Hub;
import dev.realtime.hub.HubOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** In which order, and how often, sessions are checked. */
class RecheckQueueTests {

	private final FrameEncoder encoder = (FrameEncoder) Proxy.newProxyInstance(getClass().getClassLoader(),
			new Class<?>[] { FrameEncoder.class }, (proxy, method, arguments) -> new byte[] { '\n' });

	private final Hub hub = new Hub(HubOptions.builder().shards(1).build(), new MemoryBroker(Clock.systemUTC()),
			this.encoder, (topic) -> TopicPolicy.DEFAULT, ConnectionListener.NONE);

	private final List<LocalSession> sessions = new ArrayList<>();

	private final RecheckQueue queue = new RecheckQueue(this.sessions);

	@AfterEach
	void stop() {
		this.hub.close();
	}

	@Test
	void rule8_eachSessionHasItsTurnOnceInTheIntervalAndNoTickHasMoreThanItsShare() {
		sessions(1_000);
		List<LocalSession> checked = new ArrayList<>();
		for (int tick = 0; tick < 100; tick++) {
			this.queue.turn(0.01);
			List<LocalSession> now = checkAll();
			assertThat(now).hasSizeBetween(9, 11);
			checked.addAll(now);
		}
		assertThat(checked).hasSizeBetween(999, 1_000).doesNotHaveDuplicates();
	}

	@Test
	void turnsThatWereNotTakenDoNotAddUp() {
		sessions(100);
		for (int tick = 0; tick < 50; tick++) {
			this.queue.turn(0.1);
		}
		assertThat(checkAll()).hasSizeBetween(10, 11);
	}

	@Test
	void fewSessionsAreNotCheckedMoreOftenThanMany() {
		sessions(3);
		List<LocalSession> checked = new ArrayList<>();
		for (int tick = 0; tick < 100; tick++) {
			this.queue.turn(0.01);
			checked.addAll(checkAll());
		}
		assertThat(checked).hasSizeBetween(2, 3);
	}

	@Test
	void aRequestConcernsAUsersSessionsAtOnce() {
		sessions(10);
		this.queue.add(new Recheck("user-3", new TopicPattern("room.*")));
		assertThat(this.queue.isAskedFor()).isTrue();
		RecheckQueue.Next next = Objects.requireNonNull(this.queue.next());
		assertThat(next.session()).isEqualTo(this.sessions.get(3));
		assertThat(next.recheck().topics()).isEqualTo(new TopicPattern("room.*"));
		assertThat(this.queue.next()).isNull();
		assertThat(this.queue.isAskedFor()).isFalse();
	}

	@Test
	void rule10_aSessionThatIsAskedForWhileItIsCheckedIsCheckedAgain() {
		sessions(1);
		this.queue.add(Recheck.ALL);
		RecheckQueue.Next first = Objects.requireNonNull(this.queue.next());
		this.queue.add(Recheck.ALL);
		assertThat(this.queue.next()).isNull();
		this.queue.done(first.session());
		assertThat(this.queue.isAskedFor()).isTrue();
		assertThat(this.queue.next()).isNotNull();
		assertThat(this.queue.next()).isNull();
	}

	@Test
	void rule9_aSessionWhoseCheckNeverEndsHoldsOneThread() {
		sessions(2);
		this.queue.add(new Recheck("user-0", null));
		assertThat(this.queue.next()).isNotNull();
		for (int round = 0; round < 10; round++) {
			this.queue.turn(1);
			this.queue.add(Recheck.ALL);
			assertThat(checkAll()).isNotEmpty().containsOnly(this.sessions.get(1));
		}
	}

	@Test
	void rule8_tooManyRequestsBecomeOneForEverything() {
		sessions(3);
		IntStream.range(0, 100_000).forEach((i) -> this.queue.add(new Recheck("nobody-" + i, null)));
		assertThat(checkAll()).containsExactlyElementsOf(this.sessions);
	}

	@Test
	void aSessionThatIsGoneIsNotChecked() {
		sessions(2);
		this.sessions.get(0).connection().close(CloseReason.NORMAL);
		this.queue.add(Recheck.ALL);
		assertThat(checkAll()).containsExactly(this.sessions.get(1));
	}

	@Test
	void aPrincipalIsNotAskedForItsNameAgain() {
		AtomicInteger asked = new AtomicInteger();
		LocalSession session = new LocalSession(this.hub.connect("c", new Silent()), () -> {
			assertThat(asked.getAndIncrement()).isZero();
			return "ann";
		}, null, System.nanoTime(), Instant.EPOCH, Map.of());
		LocalSessions all = new LocalSessions();
		all.add(session);
		assertThat(all.usersAmong(Set.of("ann", "bob"))).containsExactly("ann");
		assertThat(session.isOf("ann")).isTrue();
		assertThat(all.renew(session.connection(), () -> "renewed", null)).isTrue();
		assertThat(all.usersAmong(Set.of("ann", "renewed"))).containsExactly("renewed");
	}

	private List<LocalSession> checkAll() {
		List<LocalSession> checked = new ArrayList<>();
		for (RecheckQueue.Next next = this.queue.next(); next != null; next = this.queue.next()) {
			checked.add(next.session());
			this.queue.done(next.session());
		}
		return checked;
	}

	private void sessions(int count) {
		for (int i = 0; i < count; i++) {
			int number = i;
			this.sessions.add(new LocalSession(this.hub.connect("c" + i, new Silent()), () -> "user-" + number, null,
					System.nanoTime(), Instant.EPOCH, Map.of()));
		}
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

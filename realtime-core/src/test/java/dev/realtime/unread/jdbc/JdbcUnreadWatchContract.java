package dev.realtime.unread.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.TopicPolicy;
import dev.realtime.broker.jdbc.JdbcBroker;
import dev.realtime.broker.jdbc.JdbcBrokerOptions;
import dev.realtime.jdbc.JdbcCalls;
import dev.realtime.jdbc.JdbcDatabase;
import dev.realtime.loop.Loops;
import dev.realtime.relay.LoopbackRelay;
import dev.realtime.testing.Await;
import dev.realtime.testing.Messages;
import dev.realtime.unread.ReadPositions;
import dev.realtime.unread.Unread;
import dev.realtime.unread.UnreadWatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What watchers are told, on two nodes that share a database and nothing else. */
abstract class JdbcUnreadWatchContract {

	private static final long INTERVAL = 100;

	private final Topic topic = Messages.topic();

	private final Topic other = Messages.topic();

	private final JdbcBroker broker = new JdbcBroker(dataSource(), new LoopbackRelay(), JdbcBrokerOptions.DEFAULT,
			Clock.systemUTC(), new Loops());

	private final JdbcCalls calls = new JdbcCalls(new Loops(), "realtime-jdbc-reader", 2, 10_000);

	private final ReadPositions positions = new JdbcReadPositions(new JdbcDatabase(dataSource(), Duration.ofSeconds(5)),
			this.calls);

	private final UnreadWatch here = new UnreadWatch(this.positions, this.broker.log(), Duration.ofMillis(INTERVAL),
			new Loops());

	private final UnreadWatch there = new UnreadWatch(this.positions, this.broker.log(), Duration.ofMillis(INTERVAL),
			new Loops());

	protected abstract DataSource dataSource();

	@BeforeEach
	void start() {
		this.broker.start(new Messages.Heard());
		this.here.start();
		this.there.start();
	}

	@AfterEach
	void close() {
		this.here.close();
		this.there.close();
		this.broker.close();
		this.calls.close();
	}

	private Position publish(Topic topic, String sender) {
		return Await.result(this.broker.publish(Publication.to(topic).sender(sender).build(), TopicPolicy.DEFAULT))
			.position();
	}

	private void awaitLast(List<Unread> told, Topic topic, long read, long unread) {
		Await.until(() -> assertThat(told.stream()
			.filter((each) -> each.topic().equals(topic))
			.toList()
			.get((int) told.stream().filter((each) -> each.topic().equals(topic)).count() - 1))
			.satisfies((last) -> assertThat(last.read()).isEqualTo(read))
			.satisfies((last) -> assertThat(last.unread()).isEqualTo(unread)));
	}

	@Test
	void aWatcherIsToldTheFirstValuesAndThenWhatChanges() {
		publish(this.topic, "bob");
		List<Unread> told = new CopyOnWriteArrayList<>();
		this.here.watch("ann", Set.of(this.topic, this.other), told::add);
		awaitLast(told, this.topic, 0, 1);
		awaitLast(told, this.other, 0, 0);

		publish(this.other, "bob");

		awaitLast(told, this.other, 0, 1);
		assertThat(told).hasSize(3);
	}

	@Test
	void allDevicesOnAllNodesAreToldWhenOneHasRead() {
		Position first = publish(this.topic, "bob");
		publish(this.topic, "bob");
		List<Unread> desk = new CopyOnWriteArrayList<>();
		List<Unread> phone = new CopyOnWriteArrayList<>();
		List<Unread> stranger = new CopyOnWriteArrayList<>();
		this.here.watch("ann", Set.of(this.topic), desk::add);
		this.there.watch("ann", Set.of(this.topic), phone::add);
		this.there.watch("eve", Set.of(this.topic), stranger::add);
		awaitLast(desk, this.topic, 0, 2);
		awaitLast(phone, this.topic, 0, 2);
		awaitLast(stranger, this.topic, 0, 2);

		Await.result(this.positions.markRead("ann", this.topic, first));

		awaitLast(desk, this.topic, 1, 1);
		awaitLast(phone, this.topic, 1, 1);
		assertThat(stranger).hasSize(1);
	}

	@Test
	void ownMessagesTellNobodyWhoSaidThem() {
		List<Unread> ann = new CopyOnWriteArrayList<>();
		List<Unread> bob = new CopyOnWriteArrayList<>();
		this.here.watch("ann", Set.of(this.topic), ann::add);
		this.here.watch("bob", Set.of(this.topic), bob::add);
		awaitLast(ann, this.topic, 0, 0);
		publish(this.topic, "ann");
		publish(this.topic, "ann");

		awaitLast(bob, this.topic, 0, 2);
		assertThat(ann).hasSize(1);
	}

	@Test
	void aStormIsToldInFewStepsAndTheLastOneArrives() {
		List<Unread> told = new CopyOnWriteArrayList<>();
		this.here.watch("ann", Set.of(this.topic), told::add);
		awaitLast(told, this.topic, 0, 0);
		long begin = System.nanoTime();
		IntStream.range(0, 500)
			.mapToObj((i) -> this.broker.publish(Publication.to(this.topic).sender("bob").build(), TopicPolicy.DEFAULT))
			.toList()
			.forEach(Await::result);

		awaitLast(told, this.topic, 0, 500);
		long intervals = (System.nanoTime() - begin) / Duration.ofMillis(INTERVAL).toNanos();
		assertThat(told.size()).isLessThanOrEqualTo((int) intervals + 3);
		assertThat(told).extracting(Unread::unread).isSorted();
	}

	@Test
	void whoHasLeftIsToldNothingMore() {
		List<Unread> told = new CopyOnWriteArrayList<>();
		List<Unread> stays = new CopyOnWriteArrayList<>();
		UnreadWatch.Watching watching = this.here.watch("ann", Set.of(this.topic), told::add);
		this.here.watch("ann", Set.of(this.topic), stays::add);
		awaitLast(told, this.topic, 0, 0);
		watching.close();
		watching.close();
		publish(this.topic, "bob");

		awaitLast(stays, this.topic, 0, 1);
		assertThat(told).hasSize(1);
		assertThat(this.here.watching()).isEqualTo(1);
	}

	@Test
	void aWatcherThatFailsDoesNotKeepOthersFromBeingTold() {
		List<Unread> told = new CopyOnWriteArrayList<>();
		this.here.watch("ann", Set.of(this.topic), (unread) -> {
			throw new IllegalStateException("on purpose");
		});
		this.here.watch("ann", Set.of(this.topic), told::add);
		awaitLast(told, this.topic, 0, 0);
		publish(this.topic, "bob");

		awaitLast(told, this.topic, 0, 1);
	}

	@Test
	void tooManyTopicsAreRefused() {
		Set<Topic> many = Set.copyOf(IntStream.range(0, 101).mapToObj((i) -> Topic.of("t." + i)).toList());
		assertThatIllegalArgumentException().isThrownBy(() -> this.here.watch("ann", many, (unread) -> {
		})).withMessageContaining("100 topics");
	}

}

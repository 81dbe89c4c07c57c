package dev.realtime.loop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class LoopTests {

	private final Loops loops = new Loops(Duration.ofMillis(200));

	@Test
	void rule9_anErrorOfATaskEndsNeitherTheLoopNorAnotherTask() {
		Loop loop = this.loops.loop("test");
		List<Integer> done = new CopyOnWriteArrayList<>();
		loop.execute(() -> {
			throw new OutOfMemoryError("simulated");
		});
		loop.execute(() -> done.add(1));
		loop.after(Duration.ofMillis(1), () -> {
			throw new NoClassDefFoundError("simulated");
		});
		loop.after(Duration.ofMillis(20), () -> done.add(2));
		await().untilAsserted(() -> assertThat(done).containsExactly(1, 2));
		assertThat(loop.state().failures()).isEqualTo(2);
		loop.close();
	}

	@Test
	void aTaskThatThePoolDropsWhileTheLoopIsClosedCountsAsDropped() {
		EndingEnvironment environment = new EndingEnvironment();
		Loop loop = new Loops(environment, Duration.ofSeconds(1)).loop("test");
		List<Integer> done = new CopyOnWriteArrayList<>();
		assertThat(loop.tryExecute(() -> done.add(1))).isTrue();
		await().until(() -> done.size() == 1);
		environment.whileTaskIsGiven = () -> assertThat(loop.close(Duration.ofSeconds(10))).isTrue();
		assertThat(loop.tryExecute(() -> done.add(2))).isFalse();
		assertThat(loop.tryYield(() -> done.add(3))).isFalse();
		assertThat(done).containsExactly(1);
	}

	@Test
	void rule9_anObserverThatThrowsKeepsNoLoopFromBeingMadeAndNoOtherFromHearing() {
		List<String> kinds = new CopyOnWriteArrayList<>();
		this.loops.observe((kind, count) -> {
			throw new NoClassDefFoundError("simulated");
		});
		this.loops.observe((kind, count) -> kinds.add(kind));
		Loop loop = this.loops.loop("test");
		assertThat(kinds).containsExactly("test");
		loop.close();
	}

	@Test
	void rule9_aPeriodicTaskThatThrowsRunsAgain() {
		Loop loop = this.loops.loop("test");
		AtomicInteger runs = new AtomicInteger();
		loop.every(Duration.ofMillis(5), () -> {
			runs.incrementAndGet();
			throw new StackOverflowError("simulated");
		});
		await().until(() -> runs.get() > 5);
		loop.close();
	}

	@Test
	void rule9_aLoopOfAnotherThreadContainsFailuresAndLeavesTheThreadRunning() {
		ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
		Loop loop = this.loops.adopt("another's", thread);
		AtomicInteger runs = new AtomicInteger();
		loop.every(Duration.ofMillis(5), () -> {
			runs.incrementAndGet();
			throw new AssertionError("simulated");
		});
		await().until(() -> runs.get() > 2);
		loop.close();
		assertThat(thread.isShutdown()).isFalse();
		assertThat(this.loops.states()).isEmpty();
		thread.shutdownNow();
	}

	@Test
	void aTaskThatYieldsLetsAnEventLoopTurnToItsSockets() throws InterruptedException {
		NioEventLoopGroup group = new NioEventLoopGroup(1);
		AtomicInteger passes = new AtomicInteger();
		AtomicInteger accepted = new AtomicInteger();
		Channel server = new ServerBootstrap().group(group)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInboundHandlerAdapter() {
				@Override
				public void channelActive(ChannelHandlerContext context) {
					accepted.set(passes.get());
				}
			})
			.bind(InetAddress.getLoopbackAddress(), 0)
			.sync()
			.channel();
		Loop loop = this.loops.adopt("event loop", group.next());
		InetSocketAddress address = (InetSocketAddress) server.localAddress();
		loop.execute(() -> {
			try (Socket client = new Socket(address.getAddress(), address.getPort())) {
				assertThat(client.isConnected()).isTrue();
				pass(loop, passes, accepted);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		await().until(() -> accepted.get() > 0);
		assertThat(accepted.get()).isLessThan(10);
		group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
	}

	private static void pass(Loop loop, AtomicInteger passes, AtomicInteger accepted) {
		if (passes.incrementAndGet() < 1_000 && accepted.get() == 0) {
			assertThat(loop.tryYield(() -> pass(loop, passes, accepted))).isTrue();
		}
	}

	@Test
	void rule9_aPeriodicTaskWhoseNextTimeCannotBeFoundRunsAgain() {
		Loop loop = this.loops.loop("test");
		AtomicInteger runs = new AtomicInteger();
		AtomicInteger asked = new AtomicInteger();
		loop.every(() -> {
			if (asked.incrementAndGet() == 2) {
				throw new OutOfMemoryError("simulated");
			}
			return Duration.ofMillis(asked.get());
		}, runs::incrementAndGet);

		await().until(() -> runs.get() > 3);
		assertThat(loop.state().failures()).isEqualTo(1);
		loop.close();
	}

	@Test
	void aTaskThatIsGivenToAClosedLoopIsRefused() {
		Loop loop = this.loops.loop("test");
		assertThat(loop.tryExecute(() -> {
		})).isTrue();

		loop.close();

		assertThat(loop.tryExecute(() -> {
		})).isFalse();
		loop.after(Duration.ZERO, () -> {
		}).cancel();
	}

	@Test
	void aDelayedTaskThatIsCancelledDoesNotRun() {
		Loop loop = this.loops.loop("test");
		List<Integer> done = new CopyOnWriteArrayList<>();
		loop.after(Duration.ofMillis(30), () -> done.add(1)).cancel();
		loop.after(Duration.ofMillis(60), () -> done.add(2));

		await().untilAsserted(() -> assertThat(done).containsExactly(2));
		loop.close();
	}

	@Test
	void aLongTaskThatMakesProgressIsNotStalled() {
		Loop loop = this.loops.loop("test");
		CountDownLatch end = new CountDownLatch(1);
		loop.execute(() -> {
			while (end.getCount() > 0) {
				loop.progressed();
				Thread.onSpinWait();
			}
		});

		await().during(Duration.ofMillis(500)).untilAsserted(() -> assertThat(this.loops.stalled()).isEmpty());
		end.countDown();
		loop.close();
	}

	@Test
	void failuresAreCountedByKindAndStayWhenALoopIsClosed() {
		Map<String, LongSupplier> counts = new ConcurrentHashMap<>();
		Loop first = this.loops.loop("shard-1");
		this.loops.observe(counts::put);
		Loop second = this.loops.loop("shard-2");
		Loop other = this.loops.loop("timer");
		first.failed(new IllegalStateException("simulated"));
		first.close();
		second.failed(new IllegalStateException("simulated"));

		assertThat(counts).containsOnlyKeys("shard", "timer");
		assertThat(sum(counts.get("shard"))).isEqualTo(2);
		assertThat(sum(counts.get("timer"))).isZero();
		second.close();
		other.close();
	}

	@Test
	void aLoopWhoseTaskDoesNotEndIsStalled() {
		Loop loop = this.loops.loop("stuck");
		Loop idle = this.loops.loop("idle");
		CountDownLatch end = new CountDownLatch(1);
		loop.execute(() -> awaitUninterruptibly(end));
		await().untilAsserted(() -> assertThat(this.loops.stalled()).containsExactly("stuck"));
		end.countDown();
		await().untilAsserted(() -> assertThat(this.loops.stalled()).isEmpty());
		loop.close();
		idle.close();
	}

	@Test
	void anUnwatchedLoopIsNeverStalledAndItsFailuresAreCounted() {
		Map<String, LongSupplier> counts = new ConcurrentHashMap<>();
		this.loops.observe(counts::put);
		Loop unwatched = this.loops.unwatched("lookup", 2);
		Loop watched = this.loops.loop("stuck");
		CountDownLatch end = new CountDownLatch(1);
		for (Loop each : List.of(unwatched, unwatched, unwatched, watched)) {
			each.execute(() -> awaitUninterruptibly(end));
		}
		await().untilAsserted(() -> assertThat(this.loops.stalled()).containsExactly("stuck"));
		assertThat(this.loops.states()).extracting(LoopState::name).containsExactly("stuck");
		end.countDown();
		unwatched.failed(new IllegalStateException("simulated"));
		assertThat(sum(counts.get("lookup"))).isEqualTo(1);
		unwatched.close();
		watched.close();
		assertThat(unwatched.isClosed()).isTrue();
	}

	@Test
	void closingWithPatienceRunsWhatWaitsAndDropsWhatIsDelayed() {
		Loop loop = this.loops.loop("test");
		List<Integer> done = new CopyOnWriteArrayList<>();
		loop.after(Duration.ofMillis(500), () -> done.add(9));
		for (int i = 0; i < 100; i++) {
			int number = i;
			loop.execute(() -> done.add(number));
		}
		assertThat(loop.close(Duration.ofSeconds(2))).isTrue();
		assertThat(done).hasSize(100).doesNotHaveDuplicates().isSorted();
		loop.execute(() -> done.add(1_000));
		loop.every(Duration.ofMillis(1), () -> done.add(1_000));
		assertThat(done).hasSize(100);
	}

	@Test
	void tasksOfALoopWithSeveralThreadsRunSideBySide() throws InterruptedException {
		Loop loop = this.loops.loop("pool", 2);
		CountDownLatch both = new CountDownLatch(2);
		for (int i = 0; i < 2; i++) {
			loop.execute(() -> {
				both.countDown();
				awaitUninterruptibly(both);
			});
		}
		both.await();
		loop.close();
	}

	private static long sum(@Nullable LongSupplier count) {
		return (count != null) ? count.getAsLong() : -1;
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}

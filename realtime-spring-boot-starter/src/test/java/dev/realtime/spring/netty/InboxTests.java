package dev.realtime.spring.netty;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.realtime.spring.stomp.InboundExecutor;
import dev.realtime.spring.websocket.Inbox;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What came from one client and was not handled yet. */
class InboxTests {

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final ArrayDeque<Runnable> handedOver = new ArrayDeque<>();

	private final List<String> done = new CopyOnWriteArrayList<>();

	private final Inbox inbox = new Inbox(new NettySocket(this.channel), this.handedOver::add, 4, 1_000);

	@AfterEach
	void close() {
		this.channel.finishAndReleaseAll();
	}

	@Test
	void stepsAreDoneOneAfterTheOtherInTheOrderTheyCame() {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		AtomicInteger running = new AtomicInteger();
		List<Integer> order = new ArrayList<>();
		Inbox busy = new Inbox(new NettySocket(this.channel), threads::execute, 64, 1_000);
		for (int i = 0; i < 10_000; i++) {
			int number = i;
			busy.add(() -> {
				assertThat(running.incrementAndGet()).isEqualTo(1);
				order.add(number);
				running.decrementAndGet();
			});
		}
		busy.add(() -> this.done.add("all"));
		await().until(() -> this.done.contains("all"));
		assertThat(order).isEqualTo(IntStream.range(0, 10_000).boxed().toList());
		assertThat(this.channel.isOpen()).isTrue();
		threads.shutdown();
	}

	@Test
	void nothingIsDoneOnTheThreadThatAdds() {
		this.inbox.add(() -> this.done.add("step"));
		assertThat(this.done).isEmpty();
		assertThat(this.handedOver).hasSize(1);
	}

	@Test
	void theSocketIsNotReadWhileAsMuchWaitsAsAllowedAndReadAgainAtHalf() {
		add(3);
		assertThat(isRead()).isTrue();
		add(2);
		assertThat(isRead()).isFalse();
		runAll();
		assertThat(this.done).containsExactly("false", "false", "true", "true", "true");
		assertThat(isRead()).isTrue();
	}

	@Test
	void afterAPauseTheNextOneWorksAsWell() {
		for (int round = 0; round < 3; round++) {
			add(4);
			assertThat(isRead()).isFalse();
			runAll();
			assertThat(isRead()).isTrue();
		}
		assertThat(this.done).hasSize(12);
	}

	@Test
	void aBoundOfOneStepStillLetsTheClientGoOn() {
		Inbox narrow = new Inbox(new NettySocket(this.channel), this.handedOver::add, 1, 1_000);
		narrow.add(() -> this.done.add("one"));
		narrow.add(() -> this.done.add("two"));
		assertThat(isRead()).isFalse();
		runAll();
		assertThat(this.done).containsExactly("one", "two");
		assertThat(isRead()).isTrue();
	}

	@Test
	void rule8_theSocketIsNotReadWhileAsManyBytesWaitAsAllowedAndReadAgainAtHalf() {
		addBytes(600);
		assertThat(isRead()).isTrue();
		addBytes(399);
		assertThat(isRead()).isTrue();
		addBytes(1);
		assertThat(isRead()).isFalse();
		runAll();
		assertThat(this.done).containsExactly("true", "true", "true");
		assertThat(isRead()).isTrue();
		addBytes(400);
		addBytes(600);
		addBytes(10);
		runAll();
		assertThat(this.done).endsWith("false", "true", "true");
	}

	@Test
	void aStepLargerThanTheBoundIsDoneAllTheSame() {
		addBytes(5_000);
		addBytes(5_000);
		assertThat(isRead()).isFalse();
		runAll();
		assertThat(this.done).hasSize(2);
		assertThat(isRead()).isTrue();
	}

	private void addBytes(int bytes) {
		this.inbox.add(new Inbox.Step() {

			@Override
			public void run() {
				InboxTests.this.done.add(String.valueOf(isRead()));
			}

			@Override
			public int bytes() {
				return bytes;
			}

		});
	}

	@Test
	void aStepThatThrowsClosesTheConnectionAndTheRestIsDone() {
		this.inbox.add(() -> {
			throw new IllegalStateException("on purpose");
		});
		this.inbox.add(() -> this.done.add("end"));
		runAll();
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.done).containsExactly("end");
	}

	@Test
	void rule9_anErrorIsNoReasonToStopEither() {
		this.inbox.add(() -> {
			throw new OutOfMemoryError("on purpose");
		});
		this.inbox.add(() -> {
			throw new AssertionError("on purpose");
		});
		this.inbox.add(() -> this.done.add("end"));
		runAll();
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.done).containsExactly("end");
	}

	@Test
	void whileFramesAreHeldTheNextOnesWait() {
		ArrayDeque<Runnable> deferred = new ArrayDeque<>();
		Inbox held = new Inbox(new NettySocket(this.channel), new InboundExecutor() {

			@Override
			public void handle(Runnable frames) {
				InboxTests.this.handedOver.add(frames);
			}

			@Override
			public boolean defer(Runnable next) {
				return InboxTests.this.done.size() == 1 && deferred.add(next);
			}

		}, 4, 1_000);
		held.add(() -> this.done.add("one"));
		for (int i = 0; i < 4; i++) {
			held.add(() -> this.done.add("later"));
		}
		runAll();
		assertThat(this.done).containsExactly("one");
		assertThat(isRead()).isFalse();
		this.done.add("all that was held");
		deferred.remove().run();
		assertThat(this.done).containsExactly("one", "all that was held", "later", "later", "later", "later");
		assertThat(isRead()).isTrue();
	}

	@Test
	void rule9_anExecutorThatFailsIsAskedAgainForTheSessionsEnd() {
		AtomicInteger asked = new AtomicInteger();
		Inbox refused = new Inbox(new NettySocket(this.channel), (frames) -> {
			if (asked.incrementAndGet() == 1) {
				throw new OutOfMemoryError("unable to create native thread");
			}
			this.handedOver.add(frames);
		}, 4, 1_000);
		refused.add(() -> this.done.add("end"));
		assertThat(this.channel.isOpen()).isFalse();
		await().until(() -> {
			this.channel.runScheduledPendingTasks();
			return !this.handedOver.isEmpty();
		});
		runAll();
		assertThat(this.done).containsExactly("end");
	}

	@Test
	void whoHasMuchWaitingLetsOthersHaveTheThread() {
		add(100);
		this.handedOver.remove().run();
		assertThat(this.done).hasSize(8);
		assertThat(this.handedOver).hasSize(1);
		runAll();
		assertThat(this.done).hasSize(100);
	}

	@Test
	void whenTheExecutorIsFullTheConnectionIsClosedAndItsEndIsHandledLater() {
		AtomicInteger asked = new AtomicInteger();
		Inbox refused = new Inbox(new NettySocket(this.channel), (frames) -> {
			if (asked.incrementAndGet() <= 2) {
				throw new RejectedExecutionException("full");
			}
			this.handedOver.add(frames);
		}, 4, 1_000);
		refused.add(() -> this.done.add("frame"));
		assertThat(this.channel.isOpen()).isFalse();
		refused.add(() -> this.done.add("end"));
		await().until(() -> {
			this.channel.runScheduledPendingTasks();
			return !this.handedOver.isEmpty();
		});
		runAll();
		assertThat(this.done).containsExactly("frame", "end");
	}

	/** Steps that note whether the socket was read when they ran. */
	private void add(int steps) {
		for (int i = 0; i < steps; i++) {
			this.inbox.add(() -> this.done.add(String.valueOf(isRead())));
		}
	}

	private boolean isRead() {
		return this.channel.config().isAutoRead();
	}

	private void runAll() {
		while (!this.handedOver.isEmpty()) {
			this.handedOver.remove().run();
		}
	}

}

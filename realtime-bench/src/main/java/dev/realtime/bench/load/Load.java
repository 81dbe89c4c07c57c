package dev.realtime.bench.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import org.HdrHistogram.Histogram;

/**
 * Thousands of clients on one event loop, which publishes as well: all counters are plain
 * and exact. Public methods may be called by any thread but the loop.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class Load implements AutoCloseable {

	/** Connection attempts at once: a listen queue is finite. */
	private static final int CONNECTING_AT_ONCE = 512;

	private final Dialect dialect;

	private final EventLoopGroup group;

	private final EventLoop loop;

	// Confined to the loop, but read by others while it waits.

	private final AtomicInteger nextId = new AtomicInteger();

	private final Histogram latencies = new Histogram(TimeUnit.MINUTES.toMicros(2), 3);

	private final List<String> failures = new ArrayList<>();

	private volatile int live;

	private volatile long received;

	private volatile long failed;

	private volatile long disordered;

	private boolean recording;

	private Runnable onProgress = () -> {
	};

	public Load(Dialect dialect) {
		this.dialect = dialect;
		this.group = Dialer.group();
		this.loop = this.group.next();
	}

	Dialect dialect() {
		return this.dialect;
	}

	/** Clients that are connected and subscribed now. */
	public int live() {
		return this.live;
	}

	/** Messages that came, of all clients. */
	public long received() {
		return this.received;
	}

	/** What went wrong: refusals, closed connections, messages out of order. */
	public long failed() {
		return this.failed;
	}

	/**
	 * Messages that came before one that was published earlier, or after a missing one.
	 */
	public long disordered() {
		return this.disordered;
	}

	/** The first of what went wrong. */
	public List<String> failures() {
		return on(() -> List.copyOf(this.failures));
	}

	/**
	 * Connects clients as fast as the server takes them.
	 * @param topics the topic of each, empty for a client that only publishes
	 * @param resumes SUBSCRIBE headers of each, empty for none
	 */
	public List<Peer> connect(int port, int count, IntFunction<String> topics, IntFunction<String> resumes,
			int receiveBuffer) {
		List<Peer> peers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			peers.add(new Peer(this, this.nextId.getAndIncrement(), topics.apply(i), resumes.apply(i)));
		}
		Dialer dialer = dialer(port, receiveBuffer);
		this.loop.execute(() -> connectSome(dialer, peers, new int[1], CONNECTING_AT_ONCE));
		return peers;
	}

	private Dialer dialer(int port, int receiveBuffer) {
		return new Dialer(this.loop, Target.loopback(port, this.dialect.path()), receiveBuffer);
	}

	/** Waits until so many are live. */
	public void awaitLive(int count, Duration atMost) {
		await(() -> this.live >= count, atMost, () -> this.live + " of " + count + " clients are live");
	}

	/** Waits until so many messages have come. */
	public void awaitReceived(long count, Duration atMost) {
		await(() -> this.received >= count, atMost, () -> this.received + " of " + count + " messages have come");
	}

	/** Forgets latencies and counts from now on, or stops counting. */
	public void record(boolean on) {
		run(() -> {
			this.recording = on;
			if (on) {
				this.latencies.reset();
			}
		});
	}

	/** Microseconds from the intended send to the receipt. */
	public Histogram latencies() {
		return on(this.latencies::copy);
	}

	/** To be called after each read, by a publisher that keeps a window full. */
	void onProgressInLoop(Runnable task) {
		this.onProgress = task;
	}

	EventLoop loop() {
		return this.loop;
	}

	/**
	 * Lets these clients run only when nothing else wants the processor, as if they were
	 * on machines of their own: their thread gets the lowest priority, where this is
	 * Linux and {@code renice} exists.
	 * @return whether it was done
	 */
	public boolean giveWay() {
		return on(() -> {
			try {
				String thread = Files.readSymbolicLink(Path.of("/proc/thread-self")).getFileName().toString();
				return new ProcessBuilder("renice", "-n", "19", "-p", thread).start().waitFor() == 0;
			}
			catch (IOException ex) {
				return false;
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		});
	}

	/** Runs on the loop and waits. */
	public void run(Runnable task) {
		this.loop.submit(task).syncUninterruptibly();
	}

	/** Runs on the loop and waits for its answer. */
	public <T> T on(Callable<T> task) {
		return this.loop.submit(task).syncUninterruptibly().getNow();
	}

	@Override
	public void close() {
		this.group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
	}

	private void connectSome(Dialer dialer, List<Peer> peers, int[] next, int atOnce) {
		for (int i = 0; i < atOnce && next[0] < peers.size(); i++) {
			Peer peer = peers.get(next[0]++);
			ChannelFuture connecting = dialer.dial(peer, peer.id(), this.dialect.protocol());
			connecting.addListener((done) -> {
				if (!done.isSuccess()) {
					failed(String.valueOf(done.cause()));
				}
				connectSome(dialer, peers, next, 1);
			});
		}
	}

	static void await(java.util.function.BooleanSupplier done, Duration atMost,
			java.util.function.Supplier<String> state) {
		long deadline = System.nanoTime() + atMost.toNanos();
		while (!done.getAsBoolean()) {
			if (System.nanoTime() > deadline) {
				throw new IllegalStateException("After " + atMost.toSeconds() + " s " + state.get());
			}
			java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
		}
	}

	// What follows is called on the loop.

	@SuppressWarnings("NonAtomicVolatileUpdate")
	void becameLive() {
		this.live++;
	}

	@SuppressWarnings("NonAtomicVolatileUpdate")
	void closed(Peer peer, boolean wasLive) {
		if (wasLive) {
			this.live--;
		}
	}

	@SuppressWarnings("NonAtomicVolatileUpdate")
	void received(long intendedNanos) {
		this.received++;
		if (this.recording) {
			long micros = (System.nanoTime() - intendedNanos) / 1_000;
			this.latencies.recordValue(Math.min(Math.max(micros, 0), this.latencies.getHighestTrackableValue()));
		}
	}

	@SuppressWarnings("NonAtomicVolatileUpdate")
	void failed(String what) {
		this.failed++;
		if (this.failures.size() < 5) {
			this.failures.add(what);
		}
	}

	@SuppressWarnings("NonAtomicVolatileUpdate")
	void disordered(String what) {
		this.disordered++;
		if (this.failures.size() < 5) {
			this.failures.add(what);
		}
	}

	ChannelFuture connect(int port, Peer peer) {
		return dialer(port, 0).dial(peer, peer.id(), this.dialect.protocol());
	}

	int takeId() {
		return this.nextId.getAndIncrement();
	}

	void progressed() {
		this.onProgress.run();
	}

}

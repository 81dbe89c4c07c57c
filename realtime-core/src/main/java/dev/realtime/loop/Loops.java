package dev.realtime.loop;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the loops of one node and reports on all of them. Every background thread and
 * every periodic task of the engine runs in a loop that was made here, so that a failure
 * cannot end one without a trace. One object of this class gives a component everything
 * that it needs to act by itself: threads here, and time and randomness in
 * {@link #environment()}. Safe for any number of threads.
 */
public final class Loops {

	/** A loop that has work and has made no progress for this time is stalled. */
	public static final Duration STALLED_AFTER = Duration.ofSeconds(30);

	private static final Logger logger = LoggerFactory.getLogger(Loops.class);

	private static final Pattern NUMBER = Pattern.compile("-\\d+$");

	/** By kind; what a loop counted stays when it is closed. */
	private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

	private final List<BiConsumer<String, LongSupplier>> observers = new CopyOnWriteArrayList<>();

	private final List<Loop> open = new CopyOnWriteArrayList<>();

	private final Environment environment;

	private final long stalledAfterNanos;

	/**
	 * Makes loops in the {@linkplain Environment#system() system's environment} that are
	 * reported as stalled after {@link #STALLED_AFTER}.
	 */
	public Loops() {
		this(STALLED_AFTER);
	}

	/**
	 * Makes loops in the {@linkplain Environment#system() system's environment}.
	 * @param stalledAfter how long a loop that has work may go without progress
	 */
	public Loops(Duration stalledAfter) {
		this(Environment.system(), stalledAfter);
	}

	/**
	 * Makes loops.
	 * @param environment where their time and their threads come from
	 * @param stalledAfter how long a loop that has work may go without progress
	 */
	public Loops(Environment environment, Duration stalledAfter) {
		this.environment = environment;
		this.stalledAfterNanos = stalledAfter.toNanos();
	}

	/** Returns the source of time, randomness and threads of everything in this node. */
	public Environment environment() {
		return this.environment;
	}

	/**
	 * Makes a loop with a daemon thread of its own, which starts with the first task.
	 * @param name the thread's name
	 */
	public Loop loop(String name) {
		return register(new Loop(this, name, 1, this.environment.executor(name, 1), true));
	}

	/**
	 * Makes a loop with several daemon threads, which start with the first tasks. Tasks
	 * run side by side.
	 * @param name the threads' name, to which a number is added
	 */
	public Loop loop(String name, int threads) {
		return register(new Loop(this, name, threads, this.environment.executor(name, threads), true));
	}

	/**
	 * Makes a loop like {@link #loop(String, int)} whose tasks may wait for another
	 * system for any time, such as for the lookup of a name. It never counts as stalled
	 * and is not among the {@link #states()}; its failures are counted. Only for work
	 * that the rest of the node does not wait for, or only for a limited time.
	 * @param name the threads' name, to which a number is added if there are several
	 */
	public Loop unwatched(String name, int threads) {
		return new Loop(this, name, threads, this.environment.executor(name, threads), true);
	}

	/**
	 * Makes a loop of another's thread, such as a server's event loop. Closing the loop
	 * does not shut the executor down.
	 * @param executor runs its tasks one after the other, on one thread
	 */
	public Loop adopt(String name, ScheduledExecutorService executor) {
		return register(new Loop(this, name, 1, executor, false));
	}

	/** Returns how each loop is that has not been closed; without the unwatched ones. */
	public List<LoopState> states() {
		return this.open.stream().map(Loop::state).toList();
	}

	/** Returns the names of the loops that have work and make no progress. */
	public List<String> stalled() {
		return states().stream().filter(LoopState::stalled).map(LoopState::name).toList();
	}

	/**
	 * Observes the kinds of loops: a kind is a loop's name without the number at its end.
	 * @param observer gets each kind once, those of later loops too, and what tells how
	 * many tasks of such loops have failed. It may get a kind twice when a loop is made
	 * at the same moment
	 */
	public void observe(BiConsumer<String, LongSupplier> observer) {
		this.observers.add(observer);
		this.failures.forEach((kind, count) -> observer.accept(kind, count::sum));
	}

	LongAdder failures(String name) {
		String kind = NUMBER.matcher(name).replaceFirst("");
		LongAdder created = new LongAdder();
		LongAdder known = this.failures.putIfAbsent(kind, created);
		if (known != null) {
			return known;
		}
		this.observers.forEach((observer) -> tell(observer, kind, created));
		return created;
	}

	/** What an observer throws keeps no loop from being made. */
	private static void tell(BiConsumer<String, LongSupplier> observer, String kind, LongAdder count) {
		try {
			observer.accept(kind, count::sum);
		}
		catch (Throwable ex) {
			logger.error("An observer of loops failed on {}", kind, ex);
		}
	}

	long stalledAfterNanos() {
		return this.stalledAfterNanos;
	}

	void closed(Loop loop) {
		this.open.remove(loop);
	}

	private Loop register(Loop loop) {
		this.open.add(loop);
		return loop;
	}

}

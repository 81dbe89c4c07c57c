package dev.realtime.bench.simulation;

/**
 * A thread that does one piece of work after the other, and sleeps when there is none.
 */
abstract class Worker {

	final Timeline timeline;

	private final Machine machine;

	private final Program program;

	/**
	 * How long it takes until a sleeping thread runs. {@code run journey}: a shard takes
	 * a message up after 43 to 214 µs. It is no work: what waking costs of a core is in
	 * the costs of the work.
	 */
	static final long WAKE_NANOS = 100_000;

	private boolean awake;

	private long cost;

	/** Makes one that sleeps. */
	Worker(Timeline timeline, Machine machine, Program program) {
		this.timeline = timeline;
		this.machine = machine;
		this.program = program;
	}

	/**
	 * Takes the next piece of work.
	 * @return what it costs in nanoseconds of a core, or -1 if there is none
	 */
	abstract long begin();

	/** The piece is done. */
	abstract void end();

	/** There is work. */
	final void wake() {
		if (!this.awake) {
			this.awake = true;
			this.timeline.after(WAKE_NANOS, () -> {
				this.machine.began();
				// After all that wake up at this time, so that they share the cores.
				this.timeline.after(0, this::next);
			});
		}
	}

	private void next() {
		long paused = this.program.pausedUntil();
		if (this.timeline.now() < paused) {
			this.timeline.at(paused, this::next);
			return;
		}
		this.cost = begin();
		if (this.cost < 0) {
			this.awake = false;
			this.machine.ended();
			return;
		}
		this.timeline.after((long) (this.cost * this.machine.stretch()), this::finish);
	}

	private void finish() {
		this.program.used(this.cost);
		end();
		next();
	}

}

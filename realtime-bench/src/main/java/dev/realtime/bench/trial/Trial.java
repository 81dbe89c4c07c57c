package dev.realtime.bench.trial;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import dev.realtime.bench.load.Dialer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import org.jspecify.annotations.Nullable;

/**
 * One run: everyone connects, then the phases follow each other. After each of them
 * nothing is published until everything has arrived, or has had its time to, and is
 * counted.
 */
@SuppressWarnings("FutureReturnValueIgnored")
public final class Trial {

	private static final int CHURN_MILLIS = 20;

	/** What goes wrong with one message shows within this time. */
	private static final int PROBE_SECONDS = 10;

	private final TrialOptions options;

	private final EventLoop loop;

	private final Crowd crowd;

	private final Publications publications;

	private final ServerMemory memory;

	private final List<Phase> phases = new ArrayList<>();

	private double churnDue;

	private Trial(TrialOptions options, EventLoop loop) {
		this.options = options;
		this.loop = loop;
		this.crowd = new Crowd(options, loop);
		this.publications = new Publications(this.crowd);
		this.memory = new ServerMemory(options.metricsUrl(), options.metricsHeaders());
	}

	/**
	 * Runs all phases.
	 * @throws DeploymentException when the deployment cannot be reached or refuses
	 */
	public static Result run(TrialOptions options) {
		EventLoopGroup group = Dialer.group();
		try {
			Trial trial = new Trial(options, group.next());
			trial.loop.scheduleAtFixedRate(trial::tick, 1, 1, TimeUnit.MILLISECONDS);
			trial.connect();
			options.phases().forEach(trial::phase);
			trial.on(() -> {
				trial.crowd.end();
				return true;
			});
			return new Result(options.target().name(), options.connections(), options.topics(), trial.phases);
		}
		finally {
			group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(5_000);
		}
	}

	private void tick() {
		this.publications.tick();
		this.crowd.door().admit();
	}

	private void connect() {
		Map<String, Double> before = this.memory.now();
		long began = System.nanoTime();
		on(() -> {
			this.crowd.dialSenders();
			return true;
		});
		await(this.crowd::hasSenders, 60);
		on(() -> {
			this.crowd.dialSubscribers();
			return true;
		});
		int ramp = (this.options.ramp() > 0) ? (int) (this.options.connections() / this.options.ramp()) : 0;
		if (!await(() -> this.crowd.live() == this.crowd.size(), ramp + 120)) {
			throw new DeploymentException(on(this.crowd::live) + " of " + this.options.connections()
					+ " clients were connected in time; give them more with a slower --ramp");
		}
		double seconds = secondsSince(began);
		int probe = Math.min(PROBE_SECONDS, this.options.patience());
		on(this.publications::publish);
		boolean came = await(() -> this.crowd.meter().deliveries > 0 && this.crowd.isSettled(), probe);
		long confirmed = on(() -> this.crowd.meter().confirmed);
		if (!came) {
			throw new DeploymentException("the first message was sent to " + this.options.frames().send()
					+ ((confirmed > 0) ? " and confirmed" : "") + ", but did not come to all clients of "
					+ this.options.frames().destination() + " within " + probe
					+ " s; does the application publish there what it gets, with {mark} in it?");
		}
		on(() -> {
			this.crowd.prepared();
			return true;
		});
		finish("connect", seconds, before);
	}

	private void phase(String name) {
		Map<String, Double> before = this.memory.now();
		double rate = name.equals("burst") ? this.options.rate() * this.options.burst() : this.options.rate();
		int seconds = name.equals("burst") ? this.options.burstSeconds() : this.options.seconds();
		long began = System.nanoTime();
		on(() -> {
			this.publications.start(rate);
			return true;
		});
		switch (name) {
			case "reconnect" -> reconnect(seconds);
			case "churn" -> churn(seconds);
			default -> sleep(seconds);
		}
		on(() -> {
			this.publications.stop();
			return true;
		});
		finish(name, secondsSince(began), before);
	}

	/** Cuts all after half of the time, and goes on until they are back. */
	private void reconnect(int seconds) {
		sleep(seconds / 2.0);
		on(() -> {
			this.crowd.cutAll();
			return true;
		});
		await(() -> this.crowd.back() == this.crowd.size(), this.options.patience());
		sleep(seconds / 2.0);
	}

	private void churn(int seconds) {
		double each = this.options.connections() * this.options.churn() / 100.0 * CHURN_MILLIS / 1_000;
		this.churnDue = 0;
		for (int i = 0; i < seconds * 1_000 / CHURN_MILLIS; i++) {
			sleep(CHURN_MILLIS / 1_000.0);
			this.churnDue += each;
			int now = (int) this.churnDue;
			this.churnDue -= now;
			on(() -> {
				this.crowd.exchange(now);
				return true;
			});
		}
	}

	private void finish(String name, double seconds, Map<String, Double> before) {
		await(this.crowd::isSettled, this.options.patience());
		Meter meter = on(() -> {
			this.crowd.checkAndBeginPhase();
			return this.crowd.takeMeter();
		});
		Map<String, Double> memory = new LinkedHashMap<>();
		Map<String, Double> after = this.memory.now();
		after.forEach((figure, value) -> {
			memory.put(figure + " before", before.getOrDefault(figure, 0.0));
			memory.put(figure + " after", value);
		});
		Phase phase = meter.phase(name, seconds, memory);
		this.phases.add(phase);
		System.out.println(Report.progress(phase));
	}

	/** Waits for what the loop says; false if it does not come in time. */
	private boolean await(BooleanSupplier done, int seconds) {
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
		while (!on(done::getAsBoolean)) {
			@Nullable String refusal = this.crowd.refusal();
			if (refusal != null) {
				throw new DeploymentException(refusal);
			}
			if (System.nanoTime() > deadline) {
				return false;
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
		}
		return true;
	}

	private <T> T on(Callable<T> task) {
		return this.loop.submit(task).syncUninterruptibly().getNow();
	}

	private static void sleep(double seconds) {
		long until = System.nanoTime() + (long) (seconds * 1e9);
		for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
			LockSupport.parkNanos(left);
		}
	}

	private static double secondsSince(long nanos) {
		return (System.nanoTime() - nanos) / 1e9;
	}

}

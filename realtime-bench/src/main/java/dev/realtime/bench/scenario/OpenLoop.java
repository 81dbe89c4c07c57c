package dev.realtime.bench.scenario;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.OperatingSystemMXBean;
import dev.realtime.bench.engine.Engine;
import dev.realtime.bench.engine.RelayChoice;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Servers and clients that are connected, measured at one fixed rate after the other. */
public final class OpenLoop implements AutoCloseable {

	private final int nodes;

	private final @Nullable Engine engine;

	private final ServerProcess publishing;

	private final ServerProcess reading;

	private final Clients clients;

	private final Settings settings;

	private OpenLoop(int nodes, @Nullable Engine engine, ServerProcess publishing, ServerProcess reading,
			Clients clients, Settings settings) {
		this.nodes = nodes;
		this.engine = engine;
		this.publishing = publishing;
		this.reading = reading;
		this.clients = clients;
		this.settings = settings;
	}

	/** Starts one node with topics in memory, or two over Redis. */
	public static OpenLoop start(int nodes, String server, int subscribers, Settings settings) {
		if (nodes == 1) {
			ServerProcess one = ServerProcess.start(server, settings);
			return new OpenLoop(1, null, one, one, Clients.connect(server, one.port(), subscribers, 1), settings);
		}
		Engine engine = Engine.start(RelayChoice.list("redis").get(0));
		ServerProcess one = ServerProcess.start(server, settings, engine.serverOptions());
		ServerProcess other = ServerProcess.start(server, settings, engine.serverOptions());
		return new OpenLoop(nodes, engine, one, other,
				Clients.connect(server, other.port(), one.port(), subscribers, 1), settings);
	}

	/** Warms up at a rate, at which the compiler settles. */
	public void warmUp(int rate) {
		this.clients.publisher.rate(rate);
		WarmUp.await(this.publishing, this.settings);
		WarmUp.await(this.reading, this.settings);
		finish();
	}

	/**
	 * Measures at a rate; the first second does not count.
	 * @throws IllegalStateException when a client loses, doubles or reorders a message
	 */
	public Steady measure(int rate) {
		this.clients.publisher.rate(rate);
		LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
		this.clients.load.record(true);
		Map<String, Double> before = cpuSeconds();
		long began = System.nanoTime();
		LockSupport.parkNanos(Duration.ofSeconds(this.settings.seconds()).toNanos());
		double seconds = (System.nanoTime() - began) / 1e9;
		Map<String, Double> used = cpuSeconds();
		used.replaceAll((name, value) -> (value - before.getOrDefault(name, 0.0)) / seconds);
		finish();
		this.clients.load.record(false);
		this.clients.checkExact(this.clients.publisher.published());
		Histogram latencies = this.clients.load.latencies();
		return new Steady(this.nodes, this.clients.peers.size(), rate, latencies.getValueAtPercentile(50) / 1e3,
				latencies.getValueAtPercentile(99) / 1e3, used.getOrDefault("reading", 0.0),
				used.getOrDefault("publishing", 0.0), used.getOrDefault("store cores", 0.0),
				used.getOrDefault("load", 0.0));
	}

	/** Messages that are late at the end count, too. */
	private void finish() {
		this.clients.publisher.stop(0);
		this.clients.load.awaitReceived(this.clients.publisher.published() * this.clients.peers.size(),
				Duration.ofMinutes(1));
	}

	private Map<String, Double> cpuSeconds() {
		Map<String, Double> used = new LinkedHashMap<>();
		used.put("reading", this.reading.cpuSeconds() - this.reading.compilerSeconds());
		used.put("publishing",
				(this.nodes == 1) ? 0.0 : this.publishing.cpuSeconds() - this.publishing.compilerSeconds());
		if (this.engine != null) {
			this.engine.cpuSeconds(used);
		}
		used.put("load", ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9
				- CompilerTime.seconds(ProcessHandle.current().pid()));
		return used;
	}

	@Override
	public void close() {
		this.clients.close();
		this.reading.close();
		this.publishing.close();
		if (this.engine != null) {
			this.engine.close();
		}
	}

}

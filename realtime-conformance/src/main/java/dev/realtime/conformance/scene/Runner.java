package dev.realtime.conformance.scene;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.realtime.conformance.driver.Driver;
import dev.realtime.conformance.scene.Outcome.Result;
import dev.realtime.conformance.server.Nodes;
import dev.realtime.conformance.server.Server;
import dev.realtime.conformance.wire.Wire;

/**
 * Runs cases, several at a time. Each has a driver process, a port and topics of its own.
 */
public final class Runner {

	/** Some drivers need a while to start, as many of them start at once. */
	private static final Duration START = Duration.ofSeconds(30);

	private final Nodes nodes;

	private final List<String> command;

	private final Duration patience;

	private final int parallel;

	private final AtomicInteger scenes = new AtomicInteger();

	/**
	 * A runner.
	 * @param nodes what clients connect to
	 * @param command starts a driver; {@code {url}} in it stands for the address
	 * @param patience how long a case waits for each thing that the client should do
	 * @param parallel how many cases run at once
	 */
	public Runner(Nodes nodes, List<String> command, Duration patience, int parallel) {
		this.nodes = nodes;
		this.command = command;
		this.patience = patience;
		this.parallel = parallel;
	}

	/** Runs all, and returns the outcomes in the order of the cases. */
	public List<Outcome> run(List<Case> cases, Consumer<Outcome> listener) {
		ExecutorService threads = Executors.newFixedThreadPool(this.parallel, (task) -> {
			Thread thread = new Thread(task, "conformance-case");
			thread.setDaemon(true);
			return thread;
		});
		try {
			List<Case> together = cases.stream().filter((each) -> !each.alone()).toList();
			List<Future<Outcome>> futures = together.stream().map((each) -> threads.submit(() -> play(each))).toList();
			Map<Case, Outcome> outcomes = new HashMap<>();
			for (Future<Outcome> each : futures) {
				Outcome outcome = each.get();
				outcomes.put(outcome.played(), outcome);
				listener.accept(outcome);
			}
			for (Case each : cases) {
				if (each.alone()) {
					Outcome outcome = play(each);
					outcomes.put(each, outcome);
					listener.accept(outcome);
				}
			}
			return cases.stream().map(outcomes::get).toList();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		finally {
			threads.shutdownNow();
		}
	}

	private Outcome play(Case each) {
		long began = System.nanoTime();
		Result result = Result.PASSED;
		String expected = "";
		String happened = "";
		Server server = each.database() ? this.nodes.withDatabase() : this.nodes.inMemory();
		try (Wire wire = new Wire(server.port());
				Driver driver = new Driver(
						this.command.stream().map((word) -> word.replace("{url}", wire.url())).toList())) {
			Scene scene = new Scene("c" + this.scenes.incrementAndGet(), server, wire, driver, this.patience,
					each.level());
			scene.await("the event `ready` from the driver", START,
					() -> driver.events().stream().anyMatch((event) -> event.kind().equals("ready")));
			began = System.nanoTime();
			each.body().play(scene);
		}
		catch (CaseFailure ex) {
			result = Result.FAILED;
			expected = ex.expected();
			happened = ex.happened();
		}
		catch (CaseSkipped ex) {
			result = Result.SKIPPED;
			happened = String.valueOf(ex.getMessage());
		}
		catch (IOException ex) {
			result = Result.FAILED;
			expected = "the client command starts";
			happened = String.valueOf(ex.getMessage());
		}
		catch (RuntimeException | Error ex) {
			result = Result.FAILED;
			expected = "the kit plays the case";
			happened = "a fault of the kit or of the node: " + ex;
		}
		return new Outcome(each, result, expected, happened, (System.nanoTime() - began) / 1_000_000);
	}

}

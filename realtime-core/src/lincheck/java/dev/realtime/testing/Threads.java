package dev.realtime.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jetbrains.lincheck.Lincheck;

/** The threads of one interleaving. */
public final class Threads {

	private static final int INTERLEAVINGS = Integer.getInteger("interleavings", 1_000);

	private static final int FEW = 20;

	private final List<Thread> started = new ArrayList<>();

	/**
	 * Runs a scenario in many interleavings of its threads. Fails if few were tried,
	 * which proves nothing: Lincheck ends early without a word if a scenario uses a
	 * regular expression, as the making of a loop does. Fields get their value from
	 * before the scenario back, static ones too, so a file counts.
	 * @param scenario fails if something is wrong
	 */
	public static void inManyInterleavings(Runnable scenario) {
		try {
			Path tried = Files.createTempFile("interleavings", null);
			try (OutputStream out = Files.newOutputStream(tried)) {
				Lincheck.runConcurrentTest(INTERLEAVINGS, () -> {
					scenario.run();
					count(out);
				});
				System.out.println(Files.size(tried) + " interleavings");
				check(Files.size(tried) >= FEW, "Only " + Files.size(tried) + " interleavings were tried");
			}
			finally {
				Files.delete(tried);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void count(OutputStream out) {
		try {
			out.write(1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Starts a thread. */
	public Threads start(Runnable task) {
		Thread thread = new Thread(task);
		this.started.add(thread);
		thread.start();
		return this;
	}

	/** Waits until all have ended. */
	public void join() {
		for (Thread each : this.started) {
			try {
				each.join();
			}
			catch (InterruptedException ex) {
				throw new AssertionError(ex);
			}
		}
	}

	/** Fails unless it holds. */
	public static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new AssertionError(otherwise);
		}
	}

}

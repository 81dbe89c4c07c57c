package dev.realtime.testing;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Waiting in tests, always with an end. */
public final class Await {

	private static final Duration LONGEST = Duration.ofSeconds(15);

	private Await() {
	}

	/** The stage's result, within 15 s; its failure is thrown as it is. */
	public static <T> T result(CompletionStage<T> stage) {
		try {
			return stage.toCompletableFuture().get(LONGEST.toSeconds(), TimeUnit.SECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RuntimeException cause) {
				throw cause;
			}
			throw new CompletionException(ex.getCause());
		}
		catch (TimeoutException ex) {
			throw new AssertionError("The stage stayed open for " + LONGEST, ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	/** Waits until the assertion holds, at most 15 s. */
	public static void until(ThrowingRunnable assertion) {
		Awaitility.await()
			.atMost(LONGEST)
			.pollInterval(Duration.ofMillis(10))
			.ignoreExceptions()
			.untilAsserted(assertion);
	}

}

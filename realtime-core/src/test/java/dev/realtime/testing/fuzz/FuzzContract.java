package dev.realtime.testing.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A function that reads bytes of strangers, and what must hold for every input. A test
 * extends this class, gives inputs to begin with, and checks one input at a time.
 * <p>
 * Half of the time is spent with a seed that is always the same, the other half with a
 * new one. A failure prints the smallest input that was found and how to run it again.
 * <dl>
 * <dt>{@code fuzz.seconds}</dt>
 * <dd>the time for each class, {@value #SECONDS} by default</dd>
 * <dt>{@code fuzz.seed}</dt>
 * <dd>the one seed to use</dd>
 * <dt>{@code fuzz.input}</dt>
 * <dd>the one input to check, in base64</dd>
 * <dt>{@code fuzz.guided}</dt>
 * <dd>{@code true} has Jazzer look for inputs, guided by the code that they reach</dd>
 * </dl>
 */
public abstract class FuzzContract {

	private static final String SECONDS = "3";

	private static final long FIRST_SEED = 42;

	private static final Logger logger = LoggerFactory.getLogger(FuzzContract.class);

	/** Returns inputs to begin with, legal ones above all. */
	protected abstract List<byte[]> corpus();

	/** Returns texts that mean something to what reads the input. */
	protected List<String> words() {
		return List.of();
	}

	/** Returns the most bytes of an input. */
	protected int maxLength() {
		return 4_096;
	}

	/**
	 * Returns the most bytes that checking an input may allocate, garbage included: the
	 * work that an input causes is linear in its length.
	 */
	protected long mostAllocated(int length) {
		return 400_000 + 4_000L * length;
	}

	/**
	 * Checks one input. Depends on nothing else, so that it can be repeated.
	 * @return what the input did: one that did something new is changed further
	 * @throws AssertionError if something does not hold
	 */
	protected abstract Object check(byte[] input) throws Exception;

	@Test
	void holdsForWhateverAStrangerSends() throws Exception {
		String input = System.getProperty("fuzz.input");
		long millis = (long) (1_000 * Double.parseDouble(System.getProperty("fuzz.seconds", SECONDS)));
		Long seed = Long.getLong("fuzz.seed");
		if (input != null) {
			Object done = check(Base64.getDecoder().decode(input));
			logger.info("{}: {}", getClass().getSimpleName(), done);
		}
		else if (Boolean.getBoolean("fuzz.guided")) {
			new GuidedRun(this).run(millis);
		}
		else if (seed != null) {
			run(seed, millis);
		}
		else {
			run(FIRST_SEED, millis / 2);
			run(new Random().nextLong(), millis / 2);
		}
	}

	private void run(long seed, long millis) throws IOException, InterruptedException {
		FuzzRun run = new FuzzRun(this, seed);
		run.run(millis);
		report(getClass().getSimpleName() + ": " + run + '\n');
	}

	/** Processes of the build write at the same time, each a line at once. */
	private static void report(String line) throws IOException {
		Path folder = Files.createDirectories(Path.of("target", "fuzz"));
		Files.writeString(folder.resolve("report.txt"), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

	/** Returns a generator that is the same for the same input. */
	protected static Random random(byte[] input) {
		return new Random(Arrays.hashCode(input));
	}

	/**
	 * Returns the input as a text; bytes that are no UTF-8 become replacement characters.
	 */
	protected static String text(byte[] input) {
		return new String(input, StandardCharsets.UTF_8);
	}

	/** Returns texts as inputs. */
	protected static List<byte[]> bytes(String... texts) {
		return Arrays.stream(texts).map((text) -> text.getBytes(StandardCharsets.UTF_8)).toList();
	}

	/** Returns whether a text is on one line and has no other control character. */
	protected static boolean isPlain(@Nullable String text) {
		return text == null || text.chars().noneMatch(Character::isISOControl);
	}

}

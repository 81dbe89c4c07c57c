package dev.realtime.testing;

import java.nio.file.Path;
import java.util.Optional;

import org.junit.jupiter.api.Assumptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installed programs that no test dependency brings: {@code nats-server},
 * {@code rabbitmq-server}, {@code prometheus} and its {@code promtool}. A test that needs
 * one which is not there is left out and says so, or fails if {@value #REQUIRED} is
 * {@code required}.
 */
public final class Engines {

	static final String REQUIRED = "REALTIME_TEST_ENGINES";

	private static final Logger logger = LoggerFactory.getLogger(Engines.class);

	private Engines() {
	}

	/** The program; the test ends here where it is not installed. */
	public static Path require(String name) {
		return require(name, name);
	}

	/** The program, which comes with a package of another name. */
	public static Path require(String name, String aptPackage) {
		Optional<Path> program = Programs.here().tool(name, Path.of("/usr/sbin"), Path.of("/usr/local/sbin"));
		return program.orElseThrow(() -> absent(name, aptPackage, "required".equals(System.getenv(REQUIRED))));
	}

	static RuntimeException absent(String name, String aptPackage, boolean required) {
		String reason = name + " is not installed, so nothing is tested with it. Install it: apt-get install "
				+ aptPackage;
		if (required) {
			return new IllegalStateException(reason + " (" + REQUIRED + " is \"required\")");
		}
		logger.warn(reason);
		return Assumptions.abort(reason);
	}

}

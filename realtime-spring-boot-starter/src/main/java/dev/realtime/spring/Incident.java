package dev.realtime.spring;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

import org.slf4j.Logger;

/**
 * A failure that a client is told of without being told what it was. The client's
 * sentence and the log line with the exception have the same reference.
 */
public final class Incident {

	/** The word for programs. */
	public static final String WORD = "internal-error";

	private Incident() {
	}

	/**
	 * Logs the failure and returns the sentence for the client.
	 * @param what a clause for the sentence and the log, such as {@code the frame could
	 * not be handled}
	 */
	public static String log(Logger logger, String what, Throwable failure) {
		String reference = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
		logger.error("For a client {} (reference {})", what, reference, failure);
		return "Because of an error in the service " + what + " (reference " + reference + ")";
	}

}

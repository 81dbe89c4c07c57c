package dev.realtime.bench.trial;

/** The deployment cannot be reached or refuses; the message says what to do. */
public final class DeploymentException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	DeploymentException(String message) {
		super(message);
	}

}

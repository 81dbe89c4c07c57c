package dev.realtime.conformance.scene;

/** The client did not do what it should. */
public final class CaseFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String expected;

	private final String happened;

	/**
	 * A failure.
	 * @param expected what the client should have done
	 * @param happened what it did
	 */
	public CaseFailure(String expected, String happened) {
		super(expected + "; " + happened);
		this.expected = expected;
		this.happened = happened;
	}

	String expected() {
		return this.expected;
	}

	String happened() {
		return this.happened;
	}

}

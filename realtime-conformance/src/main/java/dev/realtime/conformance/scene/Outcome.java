package dev.realtime.conformance.scene;

/**
 * What came of a case.
 *
 * @param played the case
 * @param result whether it passed
 * @param expected what the client should have done; empty unless it failed
 * @param happened what it did, or why the case was skipped; empty if it passed
 * @param millis how long it took
 */
public record Outcome(Case played, Result result, String expected, String happened, long millis) {

	/** Whether the client fails because of this case. */
	public boolean isFatal() {
		return this.result == Result.FAILED && this.played.level() == Level.REQUIRED;
	}

	/** What a case may come to. */
	public enum Result {

		/** The client did what it should. */
		PASSED,

		/** The client did not. */
		FAILED,

		/** The case does not concern this client. */
		SKIPPED

	}

}

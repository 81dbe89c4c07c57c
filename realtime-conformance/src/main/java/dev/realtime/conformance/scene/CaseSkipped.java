package dev.realtime.conformance.scene;

/** The case does not concern this client; the message says why. */
public final class CaseSkipped extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/** A reason. */
	public CaseSkipped(String reason) {
		super(reason);
	}

}

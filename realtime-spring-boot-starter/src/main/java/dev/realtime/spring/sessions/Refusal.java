package dev.realtime.spring.sessions;

import dev.realtime.connection.CloseReason;

/** Why a user may not connect or read. Not for applications. */
public enum Refusal {

	/** The user is blocked. */
	BLOCKED("blocked", "This user is blocked", 403),

	/** The token was revoked; the user may come back with another. */
	REVOKED("revoked", "These credentials were revoked", 401),

	/** The credentials have ended. */
	EXPIRED("bad-credentials", "The credentials have expired", 401),

	/** The HTTP session that has started the connection has ended. */
	ENDED("session ended", "The session of your login has ended", 401),

	/** This node could not read for too long who is blocked. */
	UNKNOWN("temporarily unavailable", "The service cannot check now who may connect; try again later", 503);

	private final String word;

	private final String sentence;

	private final int status;

	Refusal(String word, String sentence, int status) {
		this.word = word;
		this.sentence = sentence;
		this.status = status;
	}

	/** A word for programs. */
	public String word() {
		return this.word;
	}

	/** A sentence for people. */
	public String sentence() {
		return this.sentence;
	}

	/** How a CONNECT is refused: a client must not come back as it is. */
	public CloseReason atConnect() {
		return (this == UNKNOWN) ? CloseReason.UNAVAILABLE : CloseReason.policy(this.word);
	}

	/** How an open connection is closed. */
	CloseReason later() {
		return (this == REVOKED) ? CloseReason.REVOKED : atConnect();
	}

	/** The status of an HTTP answer. */
	public int status() {
		return this.status;
	}

}

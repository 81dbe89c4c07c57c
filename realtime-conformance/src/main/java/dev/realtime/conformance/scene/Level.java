package dev.realtime.conformance.scene;

/** What a case means for the result. */
public enum Level {

	/** A client that fails it loses messages, or harms the server. */
	REQUIRED,

	/** A part of the protocol that a client may leave out. */
	OPTIONAL

}

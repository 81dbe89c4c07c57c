package dev.realtime.spring;

/** For which clients several STOMP frames share one WebSocket message. */
public enum FramePacking {

	/** Those that announced with {@code realtime:1} that they can take it. */
	ANNOUNCED,

	/** All clients. */
	ALWAYS

}

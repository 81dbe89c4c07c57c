package dev.realtime.spring.httpsession;

/** Knows HTTP sessions whose end is not reported. */
@FunctionalInterface
interface SessionCheck {

	/** Whether the session of this id has ended. May block. */
	boolean isOver(String id);

}

package dev.realtime.spring.ticket;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Keeps what tickets stand for, each until it is taken or its time is over. May block.
 */
interface TicketStore {

	/**
	 * Keeps a value.
	 * @param key unguessable, and not the ticket itself
	 * @return false if there is no room
	 */
	boolean put(String key, String value, Duration time);

	/** Returns the value once, then and when its time is over null. */
	@Nullable String take(String key);

	/** Whether the value was taken lately. */
	boolean wasTaken(String key);

}

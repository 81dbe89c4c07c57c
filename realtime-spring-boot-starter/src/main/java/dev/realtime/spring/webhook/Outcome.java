package dev.realtime.spring.webhook;

import java.util.Locale;

/** What became of an event for a webhook. */
enum Outcome {

	/** The receiver answered with 2xx. */
	DELIVERED,

	/** The receiver answered with another status that is not worth another attempt. */
	REJECTED,

	/** No attempt was successful in time. */
	EXPIRED,

	/** Too many waited. */
	DROPPED,

	/** The receiver has answered with 410, to this event or to an earlier one. */
	GONE,

	/** The node ended. */
	CLOSED;

	/** As a tag of a meter. */
	String tag() {
		return name().toLowerCase(Locale.ROOT);
	}

}

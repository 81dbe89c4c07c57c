package dev.realtime.spring.stream;

import org.jspecify.annotations.Nullable;

/**
 * Something a stream tells its client.
 *
 * @param name what kind of event; {@link #MESSAGE} for a topic's message
 * @param subscription whose it is, or null for the whole stream's
 * @param document its document behind {@link Subscription#fields()}, without the opening
 * bracket
 * @param positioned whether the position moves with it
 * @param news whether a poll is answered because of it
 * @param retryMillis after how long to come back, or 0
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record StreamEvent(String name, @Nullable Subscription subscription, byte[] document, boolean positioned, boolean news,
		long retryMillis) {

	static final String MESSAGE = "message";

	private static final byte[] NOTHING = {};

	static StreamEvent of(String name, @Nullable Subscription subscription, byte[] document, boolean positioned) {
		return new StreamEvent(name, subscription, document, positioned, true, 0);
	}

	/** The members that name the subscription, or nothing. */
	byte[] fields() {
		return (this.subscription != null) ? this.subscription.fields() : NOTHING;
	}

}

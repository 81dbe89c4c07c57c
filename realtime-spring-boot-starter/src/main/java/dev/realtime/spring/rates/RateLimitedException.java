package dev.realtime.spring.rates;

import java.util.concurrent.TimeUnit;

import dev.realtime.spring.RefusedException;

/** A client does something more often than it may. Not for applications. */
public final class RateLimitedException extends RefusedException {

	/** The word for programs. */
	public static final String WORD = "rate-limited";

	private final long retryAfterMillis;

	private final boolean offender;

	RateLimitedException(String sentence, long retryAfterNanos, boolean offender) {
		super(WORD, sentence);
		this.retryAfterMillis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(retryAfterNanos + 999_999));
		this.offender = offender;
	}

	/** Returns after how many milliseconds the same would be let through. */
	public long retryAfterMillis() {
		return this.retryAfterMillis;
	}

	/** Returns the same in whole seconds, as HTTP has it. */
	public long retryAfterSeconds() {
		return seconds(this.retryAfterMillis);
	}

	/** Returns at least as many whole seconds. */
	public static long seconds(long millis) {
		return (millis + 999) / 1_000;
	}

	/** Whether the client was refused so often that its connection is to be closed. */
	public boolean isOffender() {
		return this.offender;
	}

	/** Refusals are part of the traffic of a flood: they must be cheap. */
	@Override
	public synchronized Throwable fillInStackTrace() {
		return this;
	}

}

package dev.realtime.spring.webhook;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What the receiver answered.
 *
 * @param status of HTTP
 * @param retryAfter how long the receiver wants to be left alone; zero if it did not say
 */
record Answer(int status, Duration retryAfter) {

	/** The longest time that a receiver may ask for. */
	private static final Duration LONGEST = Duration.ofHours(1);

	private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

	/** Reads the header {@code Retry-After}, which is a number of seconds or a date. */
	static Answer of(int status, @Nullable String retryAfter, Clock clock) {
		return new Answer(status, (retryAfter != null) ? duration(retryAfter.trim(), clock) : Duration.ZERO);
	}

	private static Duration duration(String text, Clock clock) {
		try {
			Duration asked = SECONDS.matcher(text).matches() ? Duration.ofSeconds(Long.parseLong(text)) : Duration
				.between(clock.instant(), DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
			return asked.isNegative() ? Duration.ZERO : (asked.compareTo(LONGEST) < 0) ? asked : LONGEST;
		}
		catch (DateTimeException ex) {
			return Duration.ZERO;
		}
	}

	boolean isDelivered() {
		return this.status >= 200 && this.status < 300;
	}

	/** The receiver wants no more of this webhook. */
	boolean isGone() {
		return this.status == 410;
	}

	/** Whether another attempt may have another answer. */
	boolean isRetried() {
		return this.status >= 500 || this.status == 408 || this.status == 429;
	}

}

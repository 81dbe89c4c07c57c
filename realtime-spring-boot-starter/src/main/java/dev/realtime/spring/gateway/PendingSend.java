package dev.realtime.spring.gateway;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

/**
 * One SEND without an answer. Made by any thread; what changes is confined to the
 * gateway's loop.
 */
final class PendingSend {

	final String session;

	final String text;

	final CompletableFuture<Outcome> outcome;

	final long endNanos;

	/** Null until it is queued. */
	@Nullable SendQueue queue;

	/** The number under which it was sent the last time. */
	long number;

	PendingSend(String session, String text, CompletableFuture<Outcome> outcome, long endNanos) {
		this.session = session;
		this.text = text;
		this.outcome = outcome;
		this.endNanos = endNanos;
	}

}

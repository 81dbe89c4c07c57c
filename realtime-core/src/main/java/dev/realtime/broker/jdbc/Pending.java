package dev.realtime.broker.jdbc;

import java.util.concurrent.CompletableFuture;

import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.Topic;
import dev.realtime.log.jdbc.JdbcStore;
import org.jspecify.annotations.Nullable;

/**
 * A publication that waits to be stored.
 *
 * @param entry what to publish
 * @param receipt completes once it is stored, or cannot be
 */
record Pending(JdbcStore.Entry entry, CompletableFuture<PublishReceipt> receipt) {

	Pending(JdbcStore.Entry entry) {
		this(entry, new CompletableFuture<>());
	}

	Topic topic() {
		return this.entry.publication().topic();
	}

	int bytes() {
		return this.entry.publication().content().size();
	}

	/** Nothing was stored. */
	void refuse(String why, @Nullable Throwable cause) {
		this.receipt.completeExceptionally(PublishException.refused(topic(), why, cause));
	}

	/** Fails because the broker is closed. */
	void refuseClosed() {
		refuse("the broker was closed before it could be stored", null);
	}

	/** Fails because the broker is closed while the database is at work. */
	void abandon() {
		unknown("the broker was closed before the database answered", null);
	}

	/** It may have been stored. */
	void unknown(String why, @Nullable Throwable cause) {
		this.receipt.completeExceptionally(PublishException.unknown(topic(), why, cause));
	}

}

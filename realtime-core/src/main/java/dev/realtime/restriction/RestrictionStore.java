package dev.realtime.restriction;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Keeps restrictions for all nodes until they expire. Safe for any number of threads;
 * only {@link #close} blocks. Stages complete on a thread of the store's, and fail when
 * the store cannot be reached; whether a change was made is then unknown if it was under
 * way.
 */
public interface RestrictionStore extends AutoCloseable {

	/**
	 * Stores a restriction; it replaces one with the same key. A revoked token or issue
	 * time is never weakened: the later time counts.
	 * @param keep after this time it expires
	 * @return the change's revision and what is stored now. Fails with
	 * {@link TooManyRestrictionsException} if there are as many as allowed
	 */
	CompletionStage<Change> put(Restriction restriction, Duration keep);

	/**
	 * Stores a restriction again that was lost, unless there is one with the same key.
	 */
	CompletionStage<Void> restore(Restriction restriction, Duration keep);

	/**
	 * Removes a restriction.
	 * @return the change's revision, or null if there was none
	 */
	CompletionStage<@Nullable Revision> remove(Restriction restriction);

	/** Returns what has changed since the revision. */
	CompletionStage<RestrictionList> read(Revision known);

	/** Whether other nodes see the same list. */
	boolean isShared();

	/** Idempotent; at most 2 s. */
	@Override
	void close();

	/**
	 * What has changed.
	 *
	 * @param revision the state after it
	 * @param stored what is stored
	 */
	record Change(Revision revision, StoredRestriction stored) {
	}

}

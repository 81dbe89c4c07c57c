package dev.realtime.unread;

import org.jspecify.annotations.Nullable;

/**
 * What came of some questions to a store.
 *
 * @param answered whether any of them was answered
 * @param failure why the last one failed, null if none did
 */
record Outcome(boolean answered, @Nullable Throwable failure) {

	Outcome and(Outcome other) {
		return new Outcome(this.answered || other.answered, (other.failure != null) ? other.failure : this.failure);
	}

}

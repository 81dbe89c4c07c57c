package dev.realtime.spring.users;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is known of the sessions of one other node. Belongs to one thread. */
final class RemoteRoster {

	/** Sessions by id, each with the list that named it last. */
	final Map<String, Known> sessions = new HashMap<>();

	/** Whether sessions were left out for lack of room. */
	boolean incomplete;

	long heardNanos;

	private long nextNumber;

	private long generation;

	/** Whether a list is under way, of which no page is missing so far. */
	private boolean listing;

	/** Whether a whole list has come, and no page was missed since. */
	private boolean complete;

	private boolean asked;

	private long askedNanos;

	/** Notes a page before its entries are applied. */
	void begin(RosterPage page) {
		if (page.number() != this.nextNumber) {
			this.complete = false;
			this.listing = false;
		}
		this.nextNumber = page.number() + 1;
		if (page.first()) {
			this.generation++;
			this.listing = true;
		}
	}

	long generation() {
		return this.generation;
	}

	/**
	 * Notes a page after its entries were applied.
	 * @return ids of the sessions that a whole list has not named
	 */
	List<String> end(RosterPage page) {
		List<String> stale = new ArrayList<>();
		if (page.last() && this.listing) {
			this.listing = false;
			this.complete = true;
			this.sessions.forEach((id, known) -> {
				if (known.generation() != this.generation) {
					stale.add(id);
				}
			});
		}
		return stale;
	}

	/** Whether to ask the node for a list, which it was not asked for lately. */
	boolean shouldAsk(long nowNanos, long pauseNanos, boolean room) {
		boolean lacks = !this.complete || (this.incomplete && room);
		if (!lacks || this.listing || (this.asked && nowNanos - this.askedNanos < pauseNanos)) {
			return false;
		}
		this.asked = true;
		this.askedNanos = nowNanos;
		this.incomplete = false;
		return true;
	}

	/**
	 * A session of the node.
	 *
	 * @param session as the node has told it
	 * @param generation the number of the list, or of the one before the change, that
	 * named it last
	 */
	record Known(UserSession session, long generation) {
	}

}

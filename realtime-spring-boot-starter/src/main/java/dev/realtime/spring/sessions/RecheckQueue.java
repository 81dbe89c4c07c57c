package dev.realtime.spring.sessions;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions are to be checked next: first those that were asked for, then those
 * whose turn it is. The turns go through all sessions again and again; nothing is kept
 * for each of them. A session is checked by one thread at a time, so one whose check
 * never ends holds no second thread. Safe for any number of threads.
 */
final class RecheckQueue {

	/** More requests than that become one for everything. */
	private static final int MAX_REQUESTS = 256;

	private final Collection<LocalSession> sessions;

	@GuardedBy("this")
	private final Set<Recheck> requests = new LinkedHashSet<>();

	@GuardedBy("this")
	private Recheck request = Recheck.ALL;

	/** Those that the request may concern. */
	@GuardedBy("this")
	private Iterator<LocalSession> requested = Collections.emptyIterator();

	@GuardedBy("this")
	private Iterator<LocalSession> round = Collections.emptyIterator();

	/** How many may have their turn now. */
	@GuardedBy("this")
	private double turns;

	@GuardedBy("this")
	private final Set<LocalSession> busy = new HashSet<>();

	/** Were asked for while they were busy; no more than there are threads. */
	@GuardedBy("this")
	private final Set<LocalSession> again = new HashSet<>();

	@GuardedBy("this")
	private final Queue<LocalSession> late = new ArrayDeque<>();

	/**
	 * Makes a queue.
	 * @param sessions a live view
	 */
	RecheckQueue(Collection<LocalSession> sessions) {
		this.sessions = sessions;
	}

	/** Asks for a check that begins after now. */
	synchronized void add(Recheck recheck) {
		if (this.requests.size() >= MAX_REQUESTS) {
			this.requests.clear();
			this.requests.add(Recheck.ALL);
		}
		this.requests.add(recheck);
	}

	/**
	 * Gives turns to a share of the sessions. Turns that were not taken do not add up.
	 * @param share of all sessions, 0 to 1
	 */
	synchronized void turn(double share) {
		double some = this.sessions.size() * share;
		this.turns = Math.min(this.turns, 1) + some;
	}

	/** Returns what to check next, or null; {@link #done} must follow. */
	synchronized @Nullable Next next() {
		LocalSession late = this.late.poll();
		if (late != null) {
			this.busy.add(late);
			return new Next(late, Recheck.ALL);
		}
		Next asked = nextRequested();
		if (asked != null) {
			return asked;
		}
		while (this.turns >= 1 && !this.sessions.isEmpty()) {
			this.turns--;
			if (!this.round.hasNext()) {
				this.round = this.sessions.iterator();
			}
			if (this.round.hasNext()) {
				LocalSession session = this.round.next();
				if (!session.connection().isGone() && this.busy.add(session)) {
					return new Next(session, Recheck.ALL);
				}
			}
		}
		return null;
	}

	@GuardedBy("this")
	private @Nullable Next nextRequested() {
		while (this.requested.hasNext() || !this.requests.isEmpty()) {
			if (!this.requested.hasNext()) {
				Iterator<Recheck> first = this.requests.iterator();
				this.request = first.next();
				first.remove();
				this.requested = this.sessions.iterator();
				continue;
			}
			LocalSession session = this.requested.next();
			if (!session.connection().isGone() && this.request.concerns(session)) {
				if (this.busy.add(session)) {
					return new Next(session, this.request);
				}
				this.again.add(session);
			}
		}
		return null;
	}

	/** Whether something was asked for that {@link #next} has not returned. */
	synchronized boolean isAskedFor() {
		return this.requested.hasNext() || !this.requests.isEmpty() || !this.late.isEmpty();
	}

	/** The check has ended. */
	synchronized void done(LocalSession session) {
		this.busy.remove(session);
		if (this.again.remove(session)) {
			this.late.add(session);
		}
	}

	/** A session, and what is to be checked of it. */
	record Next(LocalSession session, Recheck recheck) {
	}

}

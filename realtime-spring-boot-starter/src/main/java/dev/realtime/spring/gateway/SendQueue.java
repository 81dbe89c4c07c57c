package dev.realtime.spring.gateway;

import java.util.ArrayDeque;

import org.jspecify.annotations.Nullable;

/**
 * The SENDs of one session, in their order: one is in flight at a time, the others wait.
 * Confined to the gateway's loop.
 */
final class SendQueue {

	final String session;

	/** The life of the node that got the last SEND. */
	@Nullable String node;

	/** Whether the session is closed. */
	boolean ended;

	private final ArrayDeque<PendingSend> waiting = new ArrayDeque<>();

	private @Nullable PendingSend inFlight;

	SendQueue(String session) {
		this.session = session;
	}

	int unanswered() {
		return this.waiting.size() + (hasInFlight() ? 1 : 0);
	}

	/** Whether a SEND is in flight. */
	boolean hasInFlight() {
		return this.inFlight != null;
	}

	/** Whether no SEND waits. */
	boolean isEmpty() {
		return this.waiting.isEmpty();
	}

	void add(PendingSend added) {
		added.queue = this;
		this.waiting.add(added);
	}

	/** Takes the first one that waits; it is in flight from now on. */
	PendingSend next() {
		PendingSend next = this.waiting.remove();
		this.inFlight = next;
		return next;
	}

	/** The SEND is no longer in flight. */
	void landed(PendingSend landed) {
		if (this.inFlight == landed) {
			this.inFlight = null;
		}
	}

	/** Puts a SEND that no node has taken before all others. */
	void again(PendingSend untaken) {
		this.waiting.addFirst(untaken);
	}

	/** Forgets a SEND, wherever it is. */
	void remove(PendingSend removed) {
		this.waiting.remove(removed);
		landed(removed);
	}

}

package dev.realtime.simulation;

import java.util.List;
import java.util.Map;

import dev.realtime.Position;
import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;

/**
 * What one client has got of one topic, over all its connections: the checkers of rules 3
 * and 4. It follows the positions as a client of the protocol does.
 */
final class Track {

	private final String client;

	final Topic topic;

	private final Ledger ledger;

	private final SimulatedStore store;

	/** Where the client stands: what it names when it comes back. */
	@Nullable Position cursor;

	/** Named in the SUBSCRIBE that has not been answered. */
	private @Nullable Position named;

	boolean live;

	int received;

	int gaps;

	Track(String client, Topic topic, Ledger ledger, SimulatedStore store) {
		this.store = store;
		this.client = client;
		this.topic = topic;
		this.ledger = ledger;
	}

	/** The client subscribes, from where it stands. */
	@Nullable Position subscribe() {
		this.live = false;
		this.named = this.cursor;
		return this.named;
	}

	void onReceipt(Map<String, String> headers, Position head, int maxReplay) {
		Position start = position(headers, "seq");
		Position from = this.named;
		String reason = headers.get("reason");
		if (from == null) {
			check(!headers.containsKey("recovered"), 4, "recovered what was not asked for");
			this.cursor = start;
		}
		else if ("true".equals(headers.get("recovered"))) {
			check(isBehind(from, start), 4, "recovered from " + from + " to " + start);
			this.cursor = from;
		}
		else {
			boolean honest = switch (String.valueOf(reason)) {
				case "epoch-changed" -> !start.sameEpoch(from) || from.seq() > head.seq();
				case "expired" -> isGone(from.withSeq(from.seq() + 1));
				case "too-many" -> start.seq() - from.seq() > maxReplay || head.seq() - from.seq() > maxReplay;
				default -> false;
			};
			check(honest, 4, "not recovered from " + from + " because of " + reason + ", live from " + start);
			this.cursor = start;
		}
		this.live = true;
	}

	void onMessage(Map<String, String> headers, String text) {
		Position position = position(headers, "seq");
		this.received++;
		this.ledger.received(this.store.memory(), this.client, this.topic, position, text);
		Position last = this.cursor;
		if (!this.live || last == null) {
			check(false, 3, position + " before the receipt");
			return;
		}
		if (this.store.isNone(last)) {
			last = position.withSeq(0);
		}
		if (!position.sameEpoch(last)) {
			check(false, 3, position + " after " + last + " without a gap");
		}
		else if (position.seq() <= last.seq()) {
			check(false, 3, position + " again, or too late, after " + last);
		}
		else {
			boolean whole = !this.ledger.isAnyStored(this.topic, last.epoch(), last.seq() + 1, position.seq() - 1);
			check(whole, 3, position + " after " + last + ": skipped without a gap");
		}
		this.cursor = position;
	}

	void onGap(Map<String, String> headers, boolean failuresInjected) {
		Position to = position(headers, "to");
		Position last = this.cursor;
		long from = Long.parseLong(headers.getOrDefault("from", "-1"));
		String reason = String.valueOf(headers.get("reason"));
		this.gaps++;
		if (!this.live || last == null) {
			check(false, 3, "a gap before the receipt");
			return;
		}
		boolean none = this.store.isNone(last);
		if (none) {
			last = to.withSeq(0);
		}
		if (to.sameEpoch(last)) {
			boolean whole = !this.ledger.isAnyStored(this.topic, last.epoch(), last.seq() + 1, from - 1);
			check(whole, 3, "gap from " + from + " after " + last);
			check(to.seq() >= last.seq(), 3, "gap to " + to + " after " + last);
			boolean honest = switch (reason) {
				case "expired" -> isGone(last.withSeq(last.seq() + 1));
				case "overflow" -> true;
				case "epoch-changed" -> none;
				case "failed" -> failuresInjected;
				default -> false;
			};
			check(honest, 3, "gap " + from + " to " + to + " because of " + reason);
		}
		else {
			check(reason.equals("epoch-changed") || (reason.equals("failed") && failuresInjected), 3,
					"gap into another epoch because of " + reason);
			check(from == 1, 3, "gap into another epoch from " + from);
		}
		this.cursor = to;
	}

	/** Whether the log need not have it: it is too old, or its epoch is over. */
	private boolean isGone(Position position) {
		Position head = Ledger.now(this.store.memory().log().peek(List.of(this.topic))).get(0);
		return !head.sameEpoch(position) || !this.ledger.isKept(this.topic, position);
	}

	/** Whether the client has everything up to the head. */
	boolean isAt(Position head) {
		Position last = this.cursor;
		return last != null && (last.equals(head) || (this.store.isNone(last) && head.seq() == 0));
	}

	/** Whether the later position follows the earlier one, with nothing lost between. */
	private boolean isBehind(Position earlier, Position later) {
		return this.store.isNone(earlier) || (later.sameEpoch(earlier) && later.seq() >= earlier.seq());
	}

	private Position position(Map<String, String> headers, String seq) {
		return new Position(headers.getOrDefault("epoch", ""), Long.parseLong(headers.getOrDefault(seq, "-1")));
	}

	private void check(boolean holds, int rule, String how) {
		this.ledger.check(holds, rule, this.client + " on " + this.topic + ": " + how);
	}

	@Override
	public String toString() {
		return this.client + " on " + this.topic + " at " + this.cursor + (this.live ? "" : ", not live");
	}

}

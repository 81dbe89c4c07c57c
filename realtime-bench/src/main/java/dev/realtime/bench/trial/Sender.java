package dev.realtime.bench.trial;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A client that only publishes, and asks for a receipt for each message. Confined to the
 * event loop.
 */
final class Sender {

	/** A server takes 250 of one connection by default. */
	private static final int MOST_IN_FLIGHT = 200;

	private static final int PAUSE_MILLIS = 1_000;

	private final Crowd crowd;

	private final int id;

	private final Map<String, Mark> inFlight = new HashMap<>();

	private @Nullable Connection connection;

	private boolean live;

	Sender(Crowd crowd, int id) {
		this.crowd = crowd;
		this.id = id;
	}

	void dial() {
		Connection next = new Connection();
		this.connection = next;
		next.dial();
	}

	boolean isLive() {
		return this.live;
	}

	boolean isFree() {
		return this.live && this.inFlight.size() < MOST_IN_FLIGHT;
	}

	/** Whether every message was confirmed or refused. */
	boolean isDone() {
		return this.inFlight.isEmpty();
	}

	void publish(Topic topic, long intendedNanos) {
		Connection known = this.connection;
		if (known != null) {
			Mark mark = new Mark(topic.number, topic.publish(), intendedNanos);
			this.inFlight.put(mark.topic() + "-" + mark.number(), mark);
			this.crowd.meter().published++;
			known.send(this.crowd.frames().send(mark, this.id));
		}
	}

	private void confirmed(Frame receipt) {
		Mark mark = this.inFlight.remove(receipt.header("receipt-id"));
		if (mark != null) {
			this.crowd.meter().confirmed++;
			Meter.record(this.crowd.meter().publish, mark.intendedNanos());
		}
	}

	private void notPublished(Frame denied) {
		Mark mark = this.inFlight.remove(denied.header("receipt-id"));
		if (mark != null) {
			this.crowd.topic(mark.topic()).notExpected(mark.number());
			this.crowd.refused("SEND of message " + mark.number() + " to topic " + mark.topic() + " was "
					+ Refusals.denied(denied));
		}
	}

	private void ended(Connection ended, String why) {
		if (this.connection != ended) {
			return;
		}
		this.connection = null;
		boolean never = !this.live;
		this.live = false;
		// The server may have published them or not.
		this.inFlight.values().forEach((mark) -> this.crowd.topic(mark.topic()).notExpected(mark.number()));
		this.inFlight.clear();
		if (this.crowd.isOver() || (never && this.crowd.refuses("publisher " + this.id, why))) {
			return;
		}
		this.crowd.meter().ended("publisher: " + why);
		this.crowd.after(PAUSE_MILLIS, this::dial);
	}

	/** One connection of it. */
	private final class Connection extends StompSocket {

		Connection() {
			super(Sender.this.crowd, Sender.this.id);
		}

		@Override
		void connected() {
			ready();
			Sender.this.live = true;
		}

		@Override
		void frame(Frame frame) {
			if (frame.is("RECEIPT")) {
				confirmed(frame);
			}
			else if (frame.header("event").equals("denied")) {
				notPublished(frame);
			}
		}

		@Override
		void ended(String reason) {
			Sender.this.ended(this, reason);
		}

	}

}

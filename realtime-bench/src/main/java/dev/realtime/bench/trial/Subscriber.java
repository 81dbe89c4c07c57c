package dev.realtime.bench.trial;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;

/**
 * One client over all its connections: it returns with its position, and must get every
 * message of its topic that was published while it was subscribed, once and in order.
 * Confined to the event loop.
 * <p>
 * It keeps only its position and a count. The server's numbers must increase, and each
 * message must have the number that all others got it with; so a client that got as many
 * as lie between its positions got exactly those.
 */
final class Subscriber {

	private static final int MOST_HOLES = 8;

	/** A client that was never there gives up after so many, unless the run has begun. */
	private static final int MOST_ATTEMPTS = 4;

	private static final int MOST_BACKOFF_MILLIS = 30_000;

	final int id;

	final Topic topic;

	private final Crowd crowd;

	private @Nullable Connection connection;

	private boolean live;

	private boolean leaving;

	private boolean wasCut;

	private String epoch = "";

	/** The server's number after which counting began. */
	private long start;

	/** The server's number of the last message. */
	private long last;

	/** Messages of this run in this phase. */
	private long count;

	/** How many messages of the topic had been published when it was subscribed. */
	private int joined;

	/** Ranges of the server's numbers that did not come, without their ends. */
	private final List<long[]> holes = new ArrayList<>();

	/** It is back when everything up to this number has come. */
	private long backAt;

	private long cutNanos;

	private int failures;

	Subscriber(Crowd crowd, int id, Topic topic) {
		this.crowd = crowd;
		this.id = id;
		this.topic = topic;
	}

	boolean isLive() {
		return this.live;
	}

	/** Whether it is subscribed and has got everything that it missed. */
	boolean isBack() {
		return this.live && this.cutNanos == 0;
	}

	int joined() {
		return this.joined;
	}

	/** Whether it has got the topic's latest message. */
	boolean isCurrent() {
		return this.live && this.last >= this.topic.highest();
	}

	void dial() {
		Connection next = new Connection();
		this.connection = next;
		next.dial();
	}

	/** Cuts the connection; it returns at once. */
	void cut() {
		this.cutNanos = System.nanoTime();
		if (this.connection != null) {
			this.wasCut = true;
			this.connection.end("cut");
		}
	}

	/** Ends it for good. */
	void leave() {
		this.leaving = true;
		this.live = false;
		if (this.connection != null) {
			this.connection.end("left");
		}
	}

	/** Counts what is missing, after everything published has had time to arrive. */
	void check(Meter meter, long[] sorted) {
		if (!this.leaving && !this.live) {
			meter.violation("missing", 1, name() + " did not come back");
		}
		if (this.epoch.isEmpty()) {
			return;
		}
		long to = this.leaving ? this.last : Math.max(this.last, this.topic.highest());
		long expected = rank(sorted, to) - rank(sorted, this.start);
		int unknown = this.leaving ? 0 : this.topic.unknownAfter(this.joined);
		if (expected > this.count) {
			meter.violation("missing", expected - this.count, name() + " did not get message " + firstMissing());
		}
		if (unknown > 0) {
			meter.violation("missing", unknown, name() + " did not get message "
					+ this.topic.firstUnknownAfter(this.joined) + ", as no other client did");
		}
	}

	/** Counts anew from here. */
	void beginPhase() {
		this.start = this.last;
		this.count = 0;
		this.holes.clear();
	}

	String name() {
		return "client " + this.id + " of " + this.crowd.frames().destination(this.topic.number, this.id);
	}

	private static long rank(long[] sorted, long seq) {
		int at = Arrays.binarySearch(sorted, seq);
		return (at < 0) ? -at - 1 : at + 1;
	}

	private String firstMissing() {
		for (long[] hole : this.holes) {
			int number = this.topic.firstBetween(hole[0], hole[1]);
			if (number > 0) {
				return number + " (seq between " + hole[0] + " and " + hole[1] + ')';
			}
		}
		int number = this.topic.firstBetween(this.last, Long.MAX_VALUE);
		return ((number > 0) ? String.valueOf(number) : "it should have got") + " (after seq " + this.last + ')';
	}

	private void delivered(Frame frame, Meter meter) {
		meter.deliveries++;
		Mark mark = Mark.find(frame.text(), frame.head(), frame.end(), this.crowd.frames().run());
		if (mark != null) {
			Meter.record(meter.latency, mark.intendedNanos());
		}
		long seq = frame.number("seq");
		if (seq < 0 || !this.crowd.verifies()) {
			return;
		}
		if (seq <= this.last) {
			boolean late = this.holes.stream().anyMatch((hole) -> hole[0] < seq && seq < hole[1]);
			this.count += (late && mark != null && isCounted(mark)) ? 1 : 0;
			meter.violation(late ? "disordered" : "doubled", 1, name() + " got " + what(mark, seq)
					+ (late ? " after seq " + this.last : " again, its position is seq " + this.last));
			return;
		}
		if (seq > this.last + 1 && this.holes.size() < MOST_HOLES) {
			this.holes.add(new long[] { this.last, seq });
		}
		this.last = seq;
		if (mark != null && isCounted(mark)) {
			this.count++;
			long known = this.topic.got(mark.number(), seq);
			if (known != seq) {
				meter.violation("doubled", 1,
						name() + " got " + what(mark, seq) + ", which has seq " + known + " as well");
			}
		}
		else if (mark != null && mark.topic() != this.topic.number) {
			meter.violation("doubled", 1, name() + " got a message of topic " + mark.topic());
		}
		lookIfBack();
	}

	private boolean isCounted(Mark mark) {
		return mark.topic() == this.topic.number && this.topic.isOfThisPhase(mark.number());
	}

	private static String what(@Nullable Mark mark, long seq) {
		return "message " + ((mark != null) ? mark.number() + " (seq " + seq + ')' : "of another with seq " + seq);
	}

	private void lookIfBack() {
		if (this.cutNanos != 0 && this.live && this.last >= this.backAt) {
			Meter.record(this.crowd.meter().back, this.cutNanos);
			this.cutNanos = 0;
		}
	}

	private void subscribed(Frame receipt) {
		String at = receipt.header("epoch");
		long seq = Math.max(0, receipt.number("seq"));
		if (this.epoch.isEmpty()) {
			this.epoch = at;
			this.start = seq;
			this.last = seq;
			this.joined = this.topic.published();
		}
		else if (this.crowd.verifies() && (!receipt.header("recovered").equals("true") || !this.epoch.equals(at))) {
			this.crowd.meter()
				.violation("missing", 1, name() + " was not recovered from seq " + this.last + ": "
						+ receipt.header("reason") + ", epoch " + this.epoch + " is now " + at);
			this.epoch = at;
			this.last = seq;
		}
		this.backAt = seq;
		this.live = true;
		this.failures = 0;
		lookIfBack();
	}

	private void ended(Connection ended, String why) {
		if (this.connection != ended) {
			return;
		}
		this.connection = null;
		boolean never = !this.live && this.epoch.isEmpty();
		this.live = false;
		this.crowd.door().passed(this);
		if (this.leaving) {
			return;
		}
		if (this.wasCut) {
			this.wasCut = false;
			this.crowd.door().enter(this);
			return;
		}
		if (never && (this.failures >= MOST_ATTEMPTS - 1 || !this.crowd.hasLive()) && this.crowd.refuses(name(), why)) {
			return;
		}
		this.crowd.meter().ended(why);
		int most = Math.min(MOST_BACKOFF_MILLIS, 1_000 << Math.min(this.failures++, 5));
		this.crowd.after(ThreadLocalRandom.current().nextInt(most), () -> this.crowd.door().enter(this));
	}

	/** One connection of it. */
	private final class Connection extends StompSocket {

		private final long dialNanos = System.nanoTime();

		private long subscribeNanos;

		Connection() {
			super(Subscriber.this.crowd, Subscriber.this.id);
		}

		@Override
		void connected() {
			Meter.record(Subscriber.this.crowd.meter().connect, this.dialNanos);
			this.subscribeNanos = System.nanoTime();
			waitFor("RECEIPT for SUBSCRIBE");
			send(Subscriber.this.crowd.frames()
				.subscribe(Subscriber.this.topic.number, Subscriber.this.id, Subscriber.this.epoch,
						Subscriber.this.last));
		}

		@Override
		void frame(Frame frame) {
			Meter meter = Subscriber.this.crowd.meter();
			if (frame.is("RECEIPT")) {
				receipt(frame, meter);
			}
			else if (!frame.header("subscription").equals("realtime")) {
				delivered(frame, meter);
			}
			else if (frame.header("event").equals("denied")) {
				end("SUBSCRIBE was " + Refusals.denied(frame));
			}
			else if (frame.header("event").equals("gap")) {
				gap(frame, meter);
			}
		}

		private void receipt(Frame frame, Meter meter) {
			if (Subscriber.this.crowd.verifies() && frame.number("seq") < 0) {
				end("the RECEIPT of SUBSCRIBE has no position, so deliveries cannot be verified: this destination is no "
						+ "topic of the starter, or this is another broker. Write --verify=false to measure it all the same");
				return;
			}
			Meter.record(meter.subscribe, this.subscribeNanos);
			ready();
			subscribed(frame);
			Subscriber.this.crowd.door().passed(Subscriber.this);
		}

		/** What is gone shows in the counts; here is why. */
		private void gap(Frame frame, Meter meter) {
			meter.ended("a client was told of a gap: " + frame.header("reason"));
		}

		@Override
		void ended(String reason) {
			Subscriber.this.ended(this, reason);
		}

	}

}

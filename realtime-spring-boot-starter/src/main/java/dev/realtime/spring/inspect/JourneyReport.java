package dev.realtime.spring.inspect;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.realtime.journey.Hold;
import dev.realtime.journey.Journey;
import dev.realtime.journey.Passage;
import dev.realtime.journey.Stage;
import org.jspecify.annotations.Nullable;

/**
 * What a node tells operators of a message's journey: the stages, the time between them,
 * and which of these times was the longest. It says only what the node has noted.
 */
final class JourneyReport {

	private static final String STORED = "stored";

	private static final String RECEIVED = "received from the relay";

	private static final String ORDERED = "ordered";

	private static final String HANDED = "handed to the shards";

	private static final String OFFERED = "offered to all live subscribers";

	/** A message that waits for longer was given up, or is of an old epoch. */
	private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(5);

	private final Journey journey;

	private final String node;

	private final List<Leg> legs = new ArrayList<>();

	JourneyReport(Journey journey, String node) {
		this.journey = journey;
		this.node = node;
		reach();
		release();
		deliver();
	}

	/** What a list has of it. */
	Map<String, Object> summary() {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("message", this.journey.position().toString());
		members.put("topic", this.journey.topic().name());
		members.put("numbered", this.journey.numbered().toString());
		Leg slowest = slowest();
		if (slowest != null) {
			members.put("slowest", slowest.sentence(this.node));
			members.put("slowestMillis", millis(slowest.nanos));
		}
		return members;
	}

	/** Everything. */
	Map<String, Object> members() {
		Map<String, Object> members = summary();
		members.put("shards", this.journey.shards());
		members.put("subscribers", this.journey.subscribers());
		members.put("waiting", this.journey.waiting());
		members.put("stages", stages());
		members.put("durations", this.legs.stream().map(Leg::members).toList());
		return members;
	}

	private List<Map<String, Object>> stages() {
		List<Map<String, Object>> stages = new ArrayList<>();
		for (Stage stage : Stage.values()) {
			Passage passage = this.journey.at(stage);
			if (passage != null) {
				Map<String, Object> members = new LinkedHashMap<>();
				members.put("stage", stage.name().toLowerCase(Locale.ROOT).replace('_', '-'));
				members.put("at", time(passage.first()).toString());
				if (passage.count() > 1) {
					members.put("lastAt", time(passage.last()).toString());
					members.put("count", passage.count());
				}
				stages.add(members);
			}
		}
		return stages;
	}

	private Instant time(long nanos) {
		return this.journey.time(nanos).truncatedTo(ChronoUnit.MICROS);
	}

	private @Nullable Leg slowest() {
		return this.legs.stream().max(Comparator.comparingLong(Leg::nanos)).orElse(null);
	}

	/** From the publish, here or elsewhere, until the message is on this node. */
	private void reach() {
		Passage published = this.journey.at(Stage.PUBLISHED);
		Passage answered = this.journey.at(Stage.ANSWERED);
		Passage arrived = isReadFirst() ? this.journey.at(Stage.ORDERED) : this.journey.at(Stage.RECEIVED);
		String arrival = isReadFirst() ? ORDERED : RECEIVED;
		String why = isReadFirst() ? "the relay had not brought it, so it was read from the log" + failedReads() : null;
		if (published != null && answered != null) {
			long stored = (arrived != null) ? Math.min(answered.first(), arrived.first()) : answered.first();
			add("published", STORED, stored - published.first(), null);
			if (arrived != null) {
				add(STORED, arrival, arrived.first() - stored, why);
			}
		}
		else if (arrived != null) {
			long millis = ChronoUnit.MILLIS.between(this.journey.numbered(), this.journey.time(arrived.first()));
			this.legs.add(new Leg("numbered", arrival, TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis)), why, false,
					"numbered: the clock that numbers; " + arrival + ": the clock of node " + this.node));
		}
	}

	/** From the relay until it is the message's turn. */
	private void release() {
		Passage received = this.journey.at(Stage.RECEIVED);
		Passage ordered = this.journey.at(Stage.ORDERED);
		Hold hold = this.journey.hold();
		if (received == null || isReadFirst()) {
			return;
		}
		if (ordered != null) {
			add(RECEIVED, ORDERED, ordered.first() - received.first(),
					(hold != null) ? "waited for " + cause(hold) + failedReads() : null);
		}
		else if (hold != null && this.journey.nowNanos() - received.first() < FORGOTTEN_NANOS) {
			addOpen(RECEIVED, this.journey.nowNanos() - received.first(), "not ordered yet, waits for " + cause(hold));
		}
	}

	/** From its turn until the sockets have it. */
	private void deliver() {
		Passage ordered = this.journey.at(Stage.ORDERED);
		Passage handed = this.journey.at(Stage.HANDED);
		Passage offered = this.journey.at(Stage.OFFERED);
		Passage written = this.journey.at(Stage.WRITTEN);
		if (ordered != null && handed != null) {
			add(ORDERED, HANDED, handed.first() - ordered.first(), null);
		}
		if (handed != null && offered != null) {
			add(HANDED, OFFERED, offered.last() - handed.first(), null);
		}
		if (offered != null && this.journey.waiting() > 0) {
			addOpen(OFFERED, this.journey.nowNanos() - offered.last(), "the sockets of " + this.journey.waiting()
					+ " of " + this.journey.subscribers() + " subscribers have not taken it yet");
		}
		else if (offered != null && written != null) {
			add(OFFERED, "written to the last socket", written.last() - offered.last(), null);
		}
	}

	/** Whether the feed had it from the log before, or without, the relay. */
	private boolean isReadFirst() {
		Passage received = this.journey.at(Stage.RECEIVED);
		Passage ordered = this.journey.at(Stage.ORDERED);
		return ordered != null && (received == null || ordered.first() < received.first());
	}

	private static String cause(Hold hold) {
		if (hold.opening()) {
			return "the topic to be opened on this node";
		}
		if (hold.newEpoch()) {
			return "a read of the log, because the numbering had begun anew";
		}
		return switch ((int) Math.min(2, hold.missing())) {
			case 0 -> "a read of the log that was under way";
			case 1 -> "1 missing number";
			default -> hold.missing() + " missing numbers";
		};
	}

	private String failedReads() {
		int failed = this.journey.failedReads();
		return (failed > 0) ? " (reads of the log that failed: " + failed + ")" : "";
	}

	private void add(String from, String to, long nanos, @Nullable String why) {
		this.legs.add(new Leg(from, to, Math.max(0, nanos), why, false, null));
	}

	private void addOpen(String from, long nanos, String why) {
		this.legs.add(new Leg(from, "now", Math.max(0, nanos), why, true, null));
	}

	private static double millis(long nanos) {
		return TimeUnit.NANOSECONDS.toMicros(nanos) / 1_000.0;
	}

	/**
	 * The time between two stages.
	 *
	 * @param open whether the second one has not been reached
	 * @param clocks whose clocks were compared; null for the node's own monotonic one
	 */
	private record Leg(String from, String to, long nanos, @Nullable String why, boolean open,
			@Nullable String clocks) {

		Map<String, Object> members() {
			Map<String, Object> members = new LinkedHashMap<>();
			members.put("from", this.from);
			members.put("to", this.to);
			members.put("millis", JourneyReport.millis(this.nanos));
			if (this.why != null) {
				members.put("why", this.why);
			}
			if (this.clocks != null) {
				members.put("clocks", this.clocks);
			}
			return members;
		}

		String sentence(String node) {
			StringBuilder text = new StringBuilder(duration());
			if (this.open) {
				text.append(" since ").append(this.from);
			}
			else {
				text.append(" between ").append(this.from).append(" and ").append(this.to);
			}
			text.append(" on node ").append(node);
			if (this.clocks != null) {
				text.append(", by the clocks of the numbering and of this node");
			}
			return ((this.why != null) ? text.append(": ").append(this.why) : text).toString();
		}

		private String duration() {
			return (this.nanos >= 1_000_000_000L) ? String.format(Locale.ROOT, "%.1f s", this.nanos / 1e9)
					: String.format(Locale.ROOT, "%.1f ms", this.nanos / 1e6);
		}

	}

}

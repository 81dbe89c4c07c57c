package dev.realtime.spring.inspect;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.realtime.Position;
import dev.realtime.Topic;
import dev.realtime.journey.Hold;
import dev.realtime.journey.Journey;
import dev.realtime.journey.Passage;
import dev.realtime.journey.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which time between two stages was the longest, in words. */
class JourneyReportTests {

	private static final Instant NUMBERED = Instant.parse("2026-11-30T11:20:04Z");

	/** The monotonic clock has no meaning of its own, and may be negative. */
	private static final long START = -5_000_000_000L;

	private final Map<Stage, Passage> passages = new EnumMap<>(Stage.class);

	private @Nullable Hold hold;

	private int failedReads;

	@Test
	void missingNumbersAreCounted() {
		pass(Stage.RECEIVED, 0);
		pass(Stage.ORDERED, 4_200);
		this.hold = new Hold(false, false, 12);
		assertThat(slowest())
			.isEqualTo("4.2 s between received from the relay and ordered on node b: waited for 12 missing numbers");
		this.hold = new Hold(false, false, 1);
		this.failedReads = 3;
		assertThat(slowest()).endsWith(": waited for 1 missing number (reads of the log that failed: 3)");
		this.hold = new Hold(false, false, 0);
		assertThat(slowest()).contains("a read of the log that was under way");
		this.hold = new Hold(false, true, 0);
		assertThat(slowest()).contains("the numbering had begun anew");
		this.hold = new Hold(true, false, 0);
		assertThat(slowest()).contains("the topic to be opened on this node");
	}

	@Test
	void whatHasNotHappenedYetIsMeasuredUntilNow() {
		pass(Stage.RECEIVED, 0);
		this.hold = new Hold(false, false, 2);
		assertThat(slowest())
			.isEqualTo("60.0 s since received from the relay on node b: not ordered yet, waits for 2 missing numbers");
		pass(Stage.ORDERED, 1);
		pass(Stage.HANDED, 1);
		pass(Stage.OFFERED, 2);
		assertThat(slowest()).isEqualTo("60.0 s since offered to all live subscribers on node b: "
				+ "the sockets of 2 of 2 subscribers have not taken it yet");
	}

	@Test
	void betweenNodesTwoClocksAreCompared() {
		pass(Stage.RECEIVED, 2_000);
		pass(Stage.ORDERED, 2_001);
		assertThat(slowest()).isEqualTo("2.0 s between numbered and received from the relay on node b, "
				+ "by the clocks of the numbering and of this node");
		assertThat(durations().get(0).get("clocks")).asString()
			.isEqualTo("numbered: the clock that numbers; received from the relay: the clock of node b");
	}

	@Test
	void aClockThatIsBehindMakesNoNegativeTime() {
		pass(Stage.RECEIVED, -3_000);
		pass(Stage.ORDERED, -2_990);
		assertThat(slowest()).isEqualTo("10.0 ms between received from the relay and ordered on node b");
		assertThat(durations().get(0)).containsEntry("millis", 0.0);
	}

	@Test
	void whatTheLogHadFirstIsNotBlamedOnTheOrder() {
		pass(Stage.ORDERED, 9_000);
		pass(Stage.RECEIVED, 15_000);
		assertThat(slowest()).startsWith("9.0 s between numbered and ordered on node b")
			.endsWith("the relay had not brought it, so it was read from the log");
		assertThat(durations()).hasSize(1);
	}

	@Test
	void onThePublishingNodeTheBrokersTimeIsItsOwn() {
		pass(Stage.PUBLISHED, 0);
		pass(Stage.ANSWERED, 3_000);
		pass(Stage.RECEIVED, 3_500);
		assertThat(slowest()).isEqualTo("3.0 s between published and stored on node b");
		pass(Stage.RECEIVED, 9_000);
		assertThat(slowest()).isEqualTo("6.0 s between stored and received from the relay on node b");
		assertThat(durations()).noneMatch((duration) -> duration.containsKey("clocks"));
	}

	@Test
	void aMessageThatTheRelayBroughtBeforeTheReceiptIsStoredByThen() {
		pass(Stage.PUBLISHED, 0);
		pass(Stage.RECEIVED, 1_000);
		pass(Stage.ANSWERED, 3_000);
		assertThat(slowest()).isEqualTo("1.0 s between published and stored on node b");
	}

	@Test
	void theLastSocketCounts() {
		pass(Stage.OFFERED, 0);
		this.passages.put(Stage.WRITTEN, new Passage(nanos(1), nanos(7_000), 2));
		assertThat(slowest())
			.isEqualTo("7.0 s between offered to all live subscribers and written to the last socket on node b");
	}

	private void pass(Stage stage, long millis) {
		this.passages.put(stage, new Passage(nanos(millis), nanos(millis), 1));
	}

	private static long nanos(long millis) {
		return START + Duration.ofMillis(millis).toNanos();
	}

	private Map<String, Object> members() {
		return new JourneyReport(new Journey(Topic.of("room.1"), new Position("e", 7), NUMBERED, this.passages,
				this.hold, false, this.failedReads, 1, 2, NUMBERED, START, nanos(60_002)), "b")
			.members();
	}

	private String slowest() {
		return String.valueOf(members().get("slowest"));
	}

	@SuppressWarnings("unchecked")
	private List<Map<String, Object>> durations() {
		return (List<Map<String, Object>>) Objects.requireNonNull(members().get("durations"));
	}

}

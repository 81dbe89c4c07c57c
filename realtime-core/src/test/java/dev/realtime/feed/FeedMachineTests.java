package dev.realtime.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.LongStream;

import dev.realtime.Position;
import dev.realtime.log.LogPage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The order and the repair of one topic, without threads, time or I/O. */
class FeedMachineTests {

	/** Everything that may happen, but for the two that begin the numbering anew. */
	private static final List<Event> EVENTS = List.of(new Event("publish", FeedWorld::publish),
			new Event("bring", FeedWorld::bring), new Event("bring the newest", FeedWorld::bringNewest),
			new Event("bring twice", FeedWorld::bringTwice), new Event("lose", FeedWorld::lose),
			new Event("page", FeedWorld::readAnswered), new Event("failed read", FeedWorld::readFailed),
			new Event("timer", FeedWorld::timeIsOver), new Event("compare", FeedWorld::compare),
			new Event("take a number", FeedWorld::takeNumber), new Event("store it", FeedWorld::storeTaken),
			new Event("void it", FeedWorld::voidTaken), new Event("trim", FeedWorld::trim),
			new Event("restart", FeedWorld::restart));

	private static final List<Event> OPENING = List.of(
			new Event("log and relay answer", (world) -> world.openAnswered(true, true)),
			new Event("the log fails", (world) -> world.openAnswered(false, true)),
			new Event("the relay fails", (world) -> world.openAnswered(true, false)),
			new Event("both fail", (world) -> world.openAnswered(false, false)));

	private final FeedWorld world = new FeedWorld();

	@Test
	void aMessageInStepIsHandedOverAtOnce() {
		open();
		publishAndBring(3);
		assertThat(this.world.handedOver).containsExactly("1", "2", "3");
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.InStep());
		assertThat(this.world.reading).isNull();
	}

	@Test
	void rule4_aNumberingThatHasBegunWithoutAMessageIsFollowed() {
		open();
		this.world.machine.check(RepairCause.RECOVERY);
		Position begun = new Position("BEGUN", 0);
		this.world.machine.onPage(new LogPage.Found(List.of(), begun, begun, false));
		assertThat(this.world.machine.position()).isEqualTo(begun);
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.InStep());
	}

	@Test
	void rule3_aDuplicateIsDropped() {
		open();
		this.world.publish();
		this.world.bringTwice();
		this.world.bring();
		assertThat(this.world.handedOver).containsExactly("1");
	}

	@Test
	void rule3_aHoleIsFilledBeforeWhatFollows() {
		open();
		this.world.publish();
		this.world.publish();
		this.world.bringNewest();
		assertThat(this.world.handedOver).isEmpty();
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.Reading(0, 0, false));
		this.world.readAnswered();
		assertThat(this.world.handedOver).containsExactly("1", "2");
		assertThat(this.world.repairs).isOne();
		this.world.bring();
		assertThat(this.world.handedOver).hasSize(2);
	}

	@Test
	void rule3_whatTheLogHasLostIsAGap() {
		open();
		LongStream.rangeClosed(1, 3).forEach((i) -> this.world.publish());
		this.world.trim();
		this.world.trim();
		this.world.settle();
		assertThat(this.world.handedOver).containsExactly("gap 1-2 expired", "3");
	}

	@Test
	void rule4_whatComesBeforeTheFeedIsOpenFollowsTheStart() {
		this.world.publish();
		Position start = this.world.message(1).position();
		this.world.machine.onMessage(this.world.message(1));
		this.world.machine.onMessage(this.world.message(2));
		this.world.openAnswered(true, true);
		assertThat(this.world.machine.position()).isEqualTo(start.withSeq(2));
		assertThat(this.world.handedOver).containsExactly("2");
	}

	@Test
	void rule4_whereLiveStartsIsKeptWhileTheRelayIsAskedAgain() {
		this.world.openAnswered(true, false);
		LongStream.rangeClosed(1, 3).forEach((i) -> this.world.publish());
		this.world.timeIsOver();
		this.world.openAnswered(true, true);
		this.world.readAnswered();
		this.world.readAnswered();
		assertThat(this.world.handedOver).containsExactly("1", "2", "3");
	}

	@Test
	void rule7_aComparisonFindsWhatTheRelayHasLost() {
		open();
		this.world.publish();
		this.world.lose();
		this.world.compare();
		this.world.readAnswered();
		assertThat(this.world.handedOver).containsExactly("1");
	}

	@Test
	void rule7_whatIsLearnedDuringAReadMakesItReadOnceMore() {
		open();
		this.world.publish();
		this.world.compare();
		this.world.compare();
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.Reading(0, 0, true));
		this.world.readAnswered();
		assertThat(this.world.reading).isEqualTo(this.world.message(1).position());
		this.world.readAnswered();
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.InStep());
	}

	@Test
	void failuresAreRepeatedAfterLongerAndLongerDelays() {
		open();
		this.world.publish();
		this.world.compare();
		for (int i = 0; i < 8; i++) {
			this.world.readFailed();
			assertThat(this.world.machine.isBehind()).isTrue();
			this.world.timeIsOver();
		}
		assertThat(this.world.delays.stream().map(Duration::toMillis)).containsExactly(100L, 200L, 400L, 800L, 1_600L,
				3_200L, 3_200L, 3_200L);
		this.world.readAnswered();
		assertThat(this.world.machine.isBehind()).isFalse();
		assertThat(this.world.handedOver).containsExactly("1");
	}

	@Test
	void anUnsettledNumberIsNotReadAgainAtOnce() {
		open();
		this.world.takeNumber();
		this.world.publish();
		this.world.bring();
		this.world.readAnswered();
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.Unsettled(1));
		assertThat(this.world.reading).isNull();
		this.world.timeIsOver();
		this.world.readAnswered();
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.Unsettled(2));
		assertThat(this.world.delays.stream().map(Duration::toMillis)).containsExactly(100L, 200L);
		this.world.storeTaken();
		this.world.bring();
		assertThat(this.world.handedOver).containsExactly("1", "2");
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.InStep());
	}

	@Test
	void anOldTimerIsIgnored() {
		open();
		this.world.takeNumber();
		this.world.publish();
		this.world.bring();
		this.world.readAnswered();
		this.world.compare();
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.Reading(0, 1, false));
		this.world.timeIsOver();
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.Reading(0, 1, false));
	}

	@Test
	void aClosedFeedDoesNothing() {
		open();
		this.world.publish();
		this.world.compare();
		this.world.machine.close();
		this.world.readAnswered();
		this.world.bring();
		this.world.machine.check(RepairCause.RECOVERY);
		this.world.timeIsOver();
		assertThat(this.world.handedOver).isEmpty();
		assertThat(this.world.reading).isNull();
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.Closed());
	}

	@Test
	void aFailedHandOverDoesNotEndTheReads() {
		FeedWorld failing = new FeedWorld();
		failing.openAnswered(true, true);
		failing.readAnswered();
		failing.publish();
		failing.compare();
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> failing.machine.onPage(
				new LogPage.Found(List.of(failing.message(5)), new Position("e1", 5), new Position("e1", 5), false)));
		assertThat(failing.machine.state()).isEqualTo(new FeedState.InStep());
	}

	/** About 41,000 sequences of up to four events, behind an open feed. */
	@Test
	void rules3_4_7_everyShortSequenceOfEventsIsAccountedFor() {
		sequences(EVENTS, 4, (sequence) -> run(true, sequence));
	}

	/** About 66,000 sequences of up to five events. */
	@Test
	void rules3_4_7_everyWayToOpenIsAccountedFor() {
		List<Event> events = new ArrayList<>(OPENING);
		events.addAll(List.of(EVENTS.get(0), EVENTS.get(1), EVENTS.get(2), EVENTS.get(5), EVENTS.get(7)));
		sequences(events, 5, (sequence) -> run(false, sequence));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void rules3_4_7_longRandomSequencesAreAccountedFor(long seed) {
		Random random = new Random(seed);
		List<Event> events = new ArrayList<>(EVENTS);
		events.addAll(OPENING);
		for (int i = 0; i < 5_000; i++) {
			List<Event> sequence = random.ints(40, 0, events.size()).mapToObj(events::get).toList();
			run(random.nextBoolean(), sequence);
		}
	}

	private static void run(boolean opened, List<Event> sequence) {
		FeedWorld world = new FeedWorld();
		try {
			if (opened) {
				world.openAnswered(true, true);
				world.readAnswered();
			}
			sequence.forEach((event) -> event.effect().accept(world));
			world.settle();
		}
		catch (Throwable ex) {
			throw new AssertionError("After " + sequence + ": " + ex.getMessage(), ex);
		}
	}

	private static void sequences(List<Event> events, int length, Consumer<List<Event>> each) {
		sequences(events, length, new ArrayList<>(), each);
	}

	private static void sequences(List<Event> events, int left, List<Event> sequence, Consumer<List<Event>> each) {
		each.accept(sequence);
		for (int i = 0; left > 0 && i < events.size(); i++) {
			sequence.add(events.get(i));
			sequences(events, left - 1, sequence, each);
			sequence.remove(sequence.size() - 1);
		}
	}

	private void open() {
		this.world.openAnswered(true, true);
		this.world.readAnswered();
	}

	private void publishAndBring(int count) {
		for (int i = 0; i < count; i++) {
			this.world.publish();
			this.world.bring();
		}
	}

	private record Event(String name, Consumer<FeedWorld> effect) {

		@Override
		public String toString() {
			return this.name;
		}

	}

}

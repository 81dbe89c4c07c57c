package dev.realtime.occupancy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.loop.Loop;
import dev.realtime.loop.Loops;
import dev.realtime.occupancy.OccupancyCall.Own;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a node tells the store, in simulated time. */
class FleetOccupancyTests {

	private static final Topic A = Topic.of("a");

	private static final Topic B = Topic.of("b");

	private static final Topic C = Topic.of("c");

	private static final Duration REFRESH = Duration.ofSeconds(30);

	private static final Duration LEASE = Duration.ofSeconds(90);

	private static final Duration GRACE = Duration.ofSeconds(2);

	private final VirtualEnvironment time = new VirtualEnvironment(7);

	private final Loop loop = new Loops(this.time, Duration.ofSeconds(30)).loop("occupancy");

	private final OneNodeStore store = new OneNodeStore();

	private final List<OccupancyChange> received = new ArrayList<>();

	@Test
	void tellsOnlyTheFirstAndTheLastSubscriberAndOtherwiseCallsOncePerRefresh() {
		FleetOccupancy occupancy = started(10);
		set(occupancy, A, true);
		set(occupancy, A, true);
		this.time.runDue();
		assertThat(own()).containsExactly(new Own(A, true, false));
		int before = this.store.calls.size();
		this.time.advance(Duration.ofMinutes(10));
		assertThat(this.store.calls.size() - before).isBetween(20, 30);
		set(occupancy, A, false);
		this.time.runDue();
		assertThat(own()).containsExactly(new Own(A, true, false), new Own(A, false, false));
		this.time.advance(Duration.ofSeconds(1));
		assertThat(occupancy.waiting()).isZero();
	}

	@Test
	void whatChangesDuringACallGoesTogetherWithTheNextOne() {
		FleetOccupancy occupancy = started(10);
		this.store.silent = true;
		set(occupancy, A, true);
		set(occupancy, B, true);
		set(occupancy, C, true);
		set(occupancy, A, false);
		this.time.runDue();
		assertThat(this.store.unanswered).hasSize(1);
		this.store.unanswered.remove().run();
		this.time.runDue();
		assertThat(this.store.last().own()).containsExactly(new Own(B, true, false), new Own(C, true, false),
				new Own(A, false, false));
		assertThat(this.store.unanswered).hasSize(1);
	}

	@Test
	void rule7_whatCouldNotBeStoredIsStoredWhenTheStoreIsBack() {
		FleetOccupancy occupancy = started(10);
		this.store.away = true;
		set(occupancy, A, true);
		set(occupancy, B, true);
		this.time.advance(Duration.ofMinutes(1));
		assertThat(occupancy.waiting()).isEqualTo(2);
		assertThat(this.store.calls).hasSizeBetween(30, 250);
		set(occupancy, B, false);
		set(occupancy, C, true);
		this.store.away = false;
		this.time.advance(Duration.ofSeconds(2));
		assertThat(this.store.held()).containsExactlyInAnyOrder(A, C);
		assertThat(occupancy.waiting()).isZero();
	}

	@Test
	void rule7_aCallWhoseAnswerWasLostIsRepeatedAndTellsNothingTwice() {
		FleetOccupancy occupancy = started(10);
		set(occupancy, A, true);
		this.time.runDue();
		this.store.silent = true;
		set(occupancy, B, true);
		for (int i = 0; i < 500; i++) {
			set(occupancy, Topic.of("room." + i), true);
		}
		this.time.runDue();
		this.store.silent = false;
		this.store.losesAnswers = true;
		this.store.unanswered.remove().run();
		this.time.runDue();
		String name = this.store.last().name();
		this.store.losesAnswers = false;
		this.time.advance(Duration.ofSeconds(2));
		assertThat(this.store.held()).hasSize(502);
		assertThat(this.store.last().name()).as("it has not stored everything again").isEqualTo(name);
	}

	@Test
	void aNodeThatWasTakenForDeadStoresItsTopicsAgainUnderANewName() {
		FleetOccupancy occupancy = started(10);
		set(occupancy, A, true);
		set(occupancy, B, true);
		this.time.runDue();
		String name = this.store.last().name();
		this.store.bury();
		this.time.advance(REFRESH);
		assertThat(this.store.last().name()).isNotEqualTo(name).startsWith("node-1~");
		assertThat(this.store.held()).containsExactlyInAnyOrder(A, B);
		assertThat(own().subList(2, 4)).as("they were published as vacated").noneMatch(Own::known);
	}

	@Test
	void rule7_aServerThatTakesOverWithoutTheLastChangesIsToldAllTopicsAgain() {
		FleetOccupancy occupancy = started(10);
		set(occupancy, A, true);
		this.time.runDue();
		String name = this.store.last().name();
		this.store.failOver("S2", A, B);
		this.time.advance(REFRESH);
		assertThat(this.store.last().name()).isNotEqualTo(name);
		assertThat(this.store.held()).containsExactly(A);
	}

	@Test
	void rule7_aNodeWithoutChangesRenewsItsLeaseSoonAfterTheStoreIsBack() {
		FleetOccupancy occupancy = started(10);
		set(occupancy, A, true);
		this.time.runDue();
		this.store.away = true;
		this.time.advance(REFRESH.plusSeconds(1));
		this.store.away = false;
		this.store.calls.clear();
		this.time.advance(Duration.ofSeconds(2));
		assertThat(this.store.calls).hasSize(1);
	}

	@Test
	void rule7_aStoreThatHasLostItsDataIsToldWhatWasKnownAlsoOfTopicsThatWereVacatedMeanwhile() {
		FleetOccupancy occupancy = started(10);
		set(occupancy, A, true);
		set(occupancy, B, true);
		this.time.runDue();
		this.store.away = true;
		set(occupancy, B, false);
		set(occupancy, C, true);
		this.time.advance(Duration.ofSeconds(5));
		this.store.forget("E2");
		this.store.away = false;
		this.time.advance(Duration.ofSeconds(5));
		assertThat(this.store.last().epoch()).isEqualTo("E2");
		assertThat(this.store.calls.stream()
			.filter((call) -> call.epoch().equals("E2"))
			.flatMap((call) -> call.own().stream()))
			.containsExactlyInAnyOrder(new Own(A, true, true), new Own(B, false, true), new Own(C, true, false));
		assertThat(this.store.held()).containsExactlyInAnyOrder(A, C);
	}

	@Test
	void aChangeIsRenewedUntilItIsPublishedAndThenConfirmed() {
		FleetOccupancy occupancy = started(10);
		OccupancyChange change = OneNodeStore.change("a", true);
		this.store.due.add(change);
		this.time.advance(REFRESH);
		assertThat(this.received).containsExactly(change);
		this.store.calls.clear();
		this.time.advance(LEASE);
		assertThat(this.store.calls).hasSizeGreaterThanOrEqualTo(3)
			.allMatch((call) -> call.publishing().equals(List.of(A)) && call.published().isEmpty());
		occupancy.published(change);
		this.time.runDue();
		assertThat(this.store.last().published()).isEqualTo(Map.of(A, true));
		this.time.advance(REFRESH);
		assertThat(this.store.last().published()).isEmpty();
		assertThat(this.store.last().publishing()).isEmpty();
	}

	@Test
	void rule6_eachCallRenewsWithTheLeaseWhatIsBeingPublished() {
		FleetOccupancy occupancy = started(10);
		this.store.due.add(OneNodeStore.change("a", true));
		this.time.advance(REFRESH);
		set(occupancy, B, true);
		this.time.runDue();
		assertThat(own()).containsExactly(new Own(B, true, false));
		assertThat(this.store.last().publishing()).containsExactly(A);
	}

	@Test
	void aCallThatExpectsNoChangesLeavesRoomForOthers() {
		FleetOccupancy occupancy = started(1_000);
		set(occupancy, A, true);
		this.time.runDue();
		assertThat(this.store.last().room()).isBetween(1, 10);
		for (int i = 0; i < 100; i++) {
			this.store.due.add(OneNodeStore.change("room." + i, true));
		}
		this.store.calls.clear();
		set(occupancy, B, true);
		this.time.runDue();
		assertThat(this.received).hasSize(100);
		assertThat(this.store.calls).as("the first one tells that there is more").hasSize(2);
	}

	@Test
	void aConfirmationThatIsNotAnsweredIsRepeated() {
		FleetOccupancy occupancy = started(10);
		OccupancyChange change = OneNodeStore.change("a", true);
		this.store.due.add(change);
		this.time.advance(REFRESH);
		this.store.away = true;
		occupancy.published(change);
		this.time.advance(Duration.ofSeconds(5));
		this.store.calls.clear();
		this.store.away = false;
		this.time.advance(Duration.ofSeconds(2));
		assertThat(this.store.last().published()).isEqualTo(Map.of(A, true));
	}

	@Test
	void whatIsPublishedDuringACallIsConfirmedWithTheNextOne() {
		FleetOccupancy occupancy = started(10);
		OccupancyChange first = OneNodeStore.change("a", true);
		OccupancyChange second = OneNodeStore.change("b", true);
		this.store.due.add(first);
		this.store.due.add(second);
		this.time.advance(REFRESH);
		this.store.silent = true;
		occupancy.published(first);
		this.time.runDue();
		occupancy.published(second);
		this.time.runDue();
		this.store.silent = false;
		this.store.unanswered.remove().run();
		this.time.runDue();
		assertThat(this.store.last().published()).isEqualTo(Map.of(B, true));
	}

	@Test
	void onlyTheLatestOfTwoChangesOfATopicIsConfirmed() {
		FleetOccupancy occupancy = started(10);
		OccupancyChange first = OneNodeStore.change("a", true);
		OccupancyChange second = OneNodeStore.change("a", false);
		this.store.due.add(first);
		this.store.due.add(second);
		this.time.advance(REFRESH);
		assertThat(this.received).containsExactly(first, second);
		occupancy.published(first);
		occupancy.published(second);
		this.time.runDue();
		assertThat(this.store.calls.stream().map(OccupancyCall::published).filter((each) -> !each.isEmpty()))
			.containsExactly(Map.of(A, false));
	}

	@Test
	void rule8_noMoreChangesAreTakenThanMayWait() {
		FleetOccupancy occupancy = started(3);
		for (int i = 0; i < 10; i++) {
			this.store.due.add(OneNodeStore.change("room." + i, true));
		}
		this.time.advance(Duration.ofMinutes(5));
		assertThat(this.received).hasSize(3);
		occupancy.published(this.received.get(0));
		this.time.runDue();
		assertThat(this.received).hasSize(4);
		for (int i = 1; i < 10; i++) {
			occupancy.published(this.received.get(i));
			this.time.runDue();
		}
		assertThat(this.received).hasSize(10);
		assertThat(this.store.calls).allMatch((call) -> call.room() <= 3);
	}

	@Test
	void aCallIsBounded() {
		FleetOccupancy occupancy = started(100_000);
		for (int i = 0; i < 1_000; i++) {
			set(occupancy, Topic.of("room." + i), true);
		}
		this.time.runDue();
		assertThat(this.store.held()).hasSize(1_000);
		assertThat(this.store.calls).allMatch((call) -> call.own().size() <= 200 && call.room() <= 200);
	}

	@Test
	void rule6_nodesWhoseLeaseIsOverAreNamedWithTheNextCall() {
		FleetOccupancy unused = started(10);
		this.time.advance(LEASE);
		this.store.dead.add("other~1");
		this.time.advance(REFRESH);
		assertThat(this.store.calls).anyMatch((call) -> call.dead().equals(List.of("other~1")));
	}

	@Test
	void rule7_otherNodesHaveTimeToComeBackAfterTheStoreWasAwayAndAfterTheStart() {
		FleetOccupancy occupancy = started(10);
		this.time.advance(LEASE.minusSeconds(1));
		assertThat(this.store.calls).noneMatch(OccupancyCall::looksForDead);
		this.time.advance(REFRESH.plusSeconds(1));
		assertThat(this.store.last().looksForDead()).isTrue();
		this.store.away = true;
		set(occupancy, A, true);
		this.time.advance(Duration.ofSeconds(40));
		this.store.calls.clear();
		this.store.away = false;
		this.time.advance(Duration.ofSeconds(35));
		assertThat(this.store.calls).hasSizeGreaterThan(1).noneMatch(OccupancyCall::looksForDead);
		this.time.advance(LEASE);
		assertThat(this.store.last().looksForDead()).isTrue();
	}

	@Test
	void rule9_aStoreThatThrowsIsAskedAgain() {
		this.store.throwsOnce = true;
		FleetOccupancy occupancy = started(10);
		set(occupancy, A, true);
		this.time.advance(Duration.ofSeconds(3));
		assertThat(this.store.throwsOnce).isFalse();
		assertThat(this.store.held()).containsExactly(A);
	}

	@Test
	void aNodeThatEndsShortensItsLeaseAndCallsNoMore() {
		FleetOccupancy occupancy = started(10);
		set(occupancy, A, true);
		this.time.runDue();
		assertThat(this.store.last().lease()).isEqualTo(LEASE);
		occupancy.close();
		assertThat(this.store.last().lease()).isEqualTo(GRACE);
		assertThat(this.store.closed).isTrue();
		int calls = this.store.calls.size();
		occupancy.close();
		this.time.advance(LEASE);
		assertThat(this.store.calls).hasSize(calls);
	}

	@Test
	void aNodeThatEndsDoesNotWaitForAStoreThatDoesNotAnswer() {
		FleetOccupancy occupancy = started(10);
		set(occupancy, A, true);
		this.time.runDue();
		this.store.silent = true;
		long before = this.time.nanoTime();
		occupancy.close();
		assertThat(Duration.ofNanos(this.time.nanoTime() - before)).isLessThanOrEqualTo(Duration.ofSeconds(1));
		assertThat(this.store.closed).isTrue();
	}

	private List<Own> own() {
		return this.store.calls.stream()
			.filter((call) -> call.epoch().equals(this.store.epoch))
			.flatMap((call) -> call.own().stream())
			.toList();
	}

	/** One that has been told to begin. */
	private FleetOccupancy started(int most) {
		FleetOccupancy occupancy = new FleetOccupancy(this.store, "node-1", options(most), this.loop,
				this.received::add);
		occupancy.start();
		this.time.runDue();
		return occupancy;
	}

	private static OccupancyOptions options(int most) {
		return new OccupancyOptions(REFRESH, LEASE, GRACE, most);
	}

	private void set(FleetOccupancy occupancy, Topic topic, boolean occupied) {
		this.loop.execute(() -> occupancy.set(topic, occupied));
	}

}

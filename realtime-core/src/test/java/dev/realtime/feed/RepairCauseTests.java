package dev.realtime.feed;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A repair is counted with what made the feed read the log first. */
class RepairCauseTests {

	private final FeedWorld world = new FeedWorld();

	@Test
	void aMessageAheadShowsAHole() {
		open();
		this.world.publish();
		this.world.publish();
		this.world.bringNewest();
		this.world.readAnswered();

		assertThat(this.world.cause).isEqualTo(RepairCause.HOLE);
	}

	@Test
	void whatTheRelayNeverBringsIsFoundByTheComparison() {
		open();
		this.world.publish();
		this.world.lose();
		this.world.compare();
		this.world.readAnswered();

		assertThat(this.world.cause).isEqualTo(RepairCause.COMPARISON);
	}

	@Test
	void whatIsLearnedDuringTheReadDoesNotChangeTheCause() {
		open();
		this.world.publish();
		this.world.publish();
		this.world.publish();
		this.world.bringNewest();
		this.world.compare();
		this.world.readAnswered();
		this.world.readAnswered();

		assertThat(this.world.repairs).isPositive();
		assertThat(this.world.cause).isEqualTo(RepairCause.HOLE);
	}

	@Test
	void whatWasPublishedWhileTheRelayWasAskedIsOfTheOpening() {
		this.world.openAnswered(true, false);
		this.world.publish();
		this.world.timeIsOver();
		this.world.openAnswered(true, true);
		this.world.readAnswered();

		assertThat(this.world.cause).isEqualTo(RepairCause.OPENING);
	}

	@Test
	void aHoleInWhatCameWhileTheRelayWasAskedIsOfTheOpening() {
		this.world.openAnswered(true, false);
		this.world.publish();
		this.world.publish();
		this.world.bringNewest();
		this.world.timeIsOver();
		this.world.openAnswered(true, true);
		this.world.readAnswered();

		assertThat(this.world.cause).isEqualTo(RepairCause.OPENING);
	}

	@Test
	void theNextHoleHasACauseOfItsOwn() {
		open();
		this.world.publish();
		this.world.lose();
		this.world.compare();
		this.world.readAnswered();
		assertThat(this.world.machine.state()).isEqualTo(new FeedState.InStep());

		this.world.publish();
		this.world.publish();
		this.world.bringNewest();
		this.world.readAnswered();

		assertThat(this.world.repairs).isEqualTo(2);
		assertThat(this.world.cause).isEqualTo(RepairCause.HOLE);
	}

	private void open() {
		this.world.openAnswered(true, true);
		this.world.readAnswered();
		assertThat(this.world.repairs).isZero();
	}

}

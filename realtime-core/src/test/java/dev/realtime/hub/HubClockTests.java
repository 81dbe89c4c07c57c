package dev.realtime.hub;

import java.time.Duration;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.connection.RecordingTransport;
import dev.realtime.connection.SubscribeRequest;
import dev.realtime.loop.LoopState;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a hub does when time passes, in virtual time. */
class HubClockTests extends VirtualHubFixture<UnreliableBroker> {

	/** Each connection's clocks are looked at once a second. */
	private static final Duration LOOK = Duration.ofMillis(1_100);

	HubClockTests() {
		super(new VirtualEnvironment(1), (environment) -> new UnreliableBroker(), OPTIONS);
	}

	@Test
	void aConnectionWhoseCredentialsEndIsToldOnceAndThenClosed() {
		RecordingTransport client = subscribed("a");
		connection("a").lifetime().expire(Duration.ofHours(1), Duration.ofMinutes(1));
		pass(Duration.ofMinutes(59).minusMillis(1));
		assertThat(client.others()).doesNotContain("expiring");
		pass(LOOK);
		assertThat(client.others()).containsOnlyOnce("expiring");
		pass(Duration.ofMinutes(1).minus(LOOK));
		assertThat(client.closed).isNull();
		pass(LOOK);
		assertThat(client.closed).isEqualTo(CloseReason.EXPIRED);
		assertThat(client.others()).containsOnlyOnce("expiring");
	}

	@Test
	void aConnectionWhoseCredentialsAreRenewedIsToldAgainBeforeTheNewEnd() {
		RecordingTransport client = subscribed("a");
		connection("a").lifetime().expire(Duration.ofMinutes(2), Duration.ofMinutes(2));
		pass(LOOK);
		assertThat(client.others()).containsOnlyOnce("expiring");
		connection("a").lifetime().expire(Duration.ofHours(1), Duration.ofMinutes(1));
		pass(Duration.ofMinutes(58));
		assertThat(client.others()).containsOnlyOnce("expiring");
		pass(Duration.ofMinutes(1).plus(LOOK));
		assertThat(client.others()).filteredOn("expiring"::equals).hasSize(2);
		assertThat(client.closed).isNull();
		pass(Duration.ofMinutes(1));
		assertThat(client.closed).isEqualTo(CloseReason.EXPIRED);
	}

	@Test
	void aConnectionWhoseCredentialsEndNoLongerOrLastForEverStaysOpen() {
		RecordingTransport renewed = connected("renewed");
		connection("renewed").lifetime().expire(Duration.ofMillis(100), Duration.ZERO);
		connection("renewed").lifetime().neverExpire();
		RecordingTransport forever = connected("forever");
		connection("forever").lifetime().expire(Duration.ofSeconds(Long.MAX_VALUE), Duration.ZERO);
		pass(Duration.ofHours(10));
		assertThat(renewed.closed).isNull();
		assertThat(forever.closed).isNull();
		assertThat(this.hub.connections()).hasSize(2);
	}

	@Test
	void rule5_aConnectionThatTakesNothingIsClosedAllTheSame() {
		RecordingTransport client = subscribed("a");
		client.stopReading();
		publish(3);
		settle();
		connection("a").close(CloseReason.policy("test"));
		pass(Duration.ofMillis(1_900));
		assertThat(client.closed).isNull();
		pass(LOOK);
		assertThat(client.closed).isEqualTo(CloseReason.policy("test"));
		assertThat(this.hub.connections()).isEmpty();
	}

	@Test
	void rule5_aWriteThatIsNeverDoneClosesTheConnection() {
		RecordingTransport client = subscribed("a");
		RecordingTransport other = subscribed("other");
		client.stopReading();
		publish(1);
		pass(OPTIONS.writeTimeout().minusMillis(100));
		assertThat(client.closed).isNull();
		pass(LOOK);
		assertThat(client.closed).isEqualTo(CloseReason.STUCK);
		assertThat(other.closed).isNull();
		assertThat(other.seqs()).containsExactly(1L);
	}

	@Test
	void aSubscriberWaitsForALogThatIsAwayAndIsThenSentElsewhere() {
		this.broker.logAway = true;
		RecordingTransport client = connected("a");
		connection("a").subscribe(new SubscribeRequest("sub-0", ROOM, null, 0, "r"));
		pass(OPTIONS.openTimeout().minusMillis(100));
		assertThat(client.closed).isNull();
		pass(Duration.ofSeconds(1));
		assertThat(client.closed).isEqualTo(CloseReason.UNAVAILABLE);
	}

	@Test
	void heartbeatsAreSentWhenNothingElseWasWrittenAndAClientThatBreaksItsPromiseIsClosed() {
		RecordingTransport client = new RecordingTransport();
		Connection connection = this.hub.connect("a", client);
		connection.introduce(null, true, Duration.ofSeconds(10), Duration.ofSeconds(10));
		for (int i = 0; i < 12; i++) {
			pass(Duration.ofSeconds(10));
			connection.lifetime().received();
		}
		assertThat(client.frames).hasSizeBetween(11, 13);
		assertThat(client.closed).isNull();
		pass(Duration.ofSeconds(30));
		assertThat(client.closed).isNull();
		pass(LOOK);
		assertThat(client.closed).isEqualTo(CloseReason.SILENT);
	}

	@Test
	void theHubClosesInItsTimeWhenAClientTakesNothing() {
		RecordingTransport client = subscribed("a");
		client.stopReading();
		publish(3);
		settle();
		long began = this.environment.nanoTime();
		this.hub.close();
		assertThat(client.closed).isEqualTo(CloseReason.RESTART);
		assertThat(Duration.ofNanos(this.environment.nanoTime() - began)).isBetween(Duration.ofSeconds(1),
				Duration.ofSeconds(2));
	}

	@Test
	void noLoopStandsStill() {
		subscribed("a");
		pass(Duration.ofHours(1));
		assertThat(this.loops.stalled()).isEmpty();
		assertThat(this.loops.states()).extracting(LoopState::failures).containsOnly(0L);
	}

}

package dev.realtime.test.shop;

import java.time.Duration;

import dev.realtime.test.RealtimeTest;
import dev.realtime.test.RealtimeTestClient;
import dev.realtime.test.RealtimeTestTime;
import dev.realtime.test.TestPresence;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

import org.springframework.test.annotation.DirtiesContext;

import static org.assertj.core.api.Assertions.assertThat;

/** The grace period passes when the test says so. */
@DirtiesContext
@RealtimeTest(classes = Shop.class, properties = "realtime.presence.grace=1h")
class GraceIT {

	@RepeatedTest(3)
	void aMemberLeavesWhenItsGraceIsOverAndNotBefore(RealtimeTestClient client, RealtimeTestTime time,
			RepetitionInfo run) {
		String topic = "room.grace" + run.getCurrentRepetition();
		TestPresence room = client.presence(topic);
		RealtimeTestClient ann = client.asUser("ann");
		ann.subscribe(topic);
		room.awaitJoin("ann");
		ann.disconnect();
		room.awaitAway("ann");
		time.advance(Duration.ofMinutes(59));
		assertThat(room.members()).containsExactly("ann");
		room.events().expectNoMessage();
		time.advance(Duration.ofMinutes(2));
		room.awaitLeave("ann");
		assertThat(room.members()).isEmpty();
	}

	@RepeatedTest(3)
	void aMemberThatComesBackInTimeStays(RealtimeTestClient client, RealtimeTestTime time, RepetitionInfo run) {
		String topic = "room.back" + run.getCurrentRepetition();
		TestPresence room = client.presence(topic);
		RealtimeTestClient ann = client.asUser("ann");
		ann.subscribe(topic);
		room.awaitJoin("ann");
		ann.cut();
		room.awaitAway("ann");
		time.advance(Duration.ofMinutes(59));
		ann.reconnect();
		time.advance(Duration.ofMinutes(61));
		assertThat(room.members()).containsExactly("ann");
		room.events().expectNoMessage();
	}

}

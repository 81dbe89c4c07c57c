package dev.realtime.spring.inspect;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

import dev.realtime.Topic;
import dev.realtime.spring.audit.Door;
import dev.realtime.spring.audit.SecurityEvent;
import dev.realtime.spring.inspect.RecentEvent.Kind;
import org.junit.jupiter.api.Test;

import org.springframework.context.PayloadApplicationEvent;

import static org.assertj.core.api.Assertions.assertThat;

class RecentEventsTests {

	private static final Instant START = Instant.parse("2026-11-28T09:00:00Z");

	private final RecentEvents events = new RecentEvents(Clock.fixed(START, ZoneOffset.UTC));

	@Test
	void manyEventsOfAKindDoNotPushOutThoseOfAnother() {
		gaps(3);
		refusals(150);
		assertThat(this.events.latest(100)).hasSize(100)
			.isSortedAccordingTo((one, other) -> other.time().compareTo(one.time()))
			.filteredOn((event) -> event.kind() == Kind.GAP)
			.hasSize(3);
		assertThat(this.events.latest(100).get(0).reason()).isEqualTo("refusal 149");
	}

	@Test
	void aKindHasAtLeastItsShareAndTheLatestHaveTheRest() {
		gaps(150);
		refusals(150);
		assertThat(this.events.latest(90)).hasSize(90).filteredOn((event) -> event.kind() == Kind.GAP).hasSize(30);
	}

	@Test
	void theLastOfAKindAreKept() {
		refusals(RecentEvents.MOST + 10);
		assertThat(this.events.latest(1_000)).hasSize(RecentEvents.MOST)
			.last()
			.satisfies((event) -> assertThat(event.reason()).isEqualTo("refusal 10"));
	}

	private void gaps(int number) {
		for (int i = 0; i < number; i++) {
			this.events.gap(Topic.of("room.1"), "trimmed");
		}
	}

	private void refusals(int number) {
		for (int i = 0; i < number; i++) {
			this.events
				.onApplicationEvent(new PayloadApplicationEvent<>(this, new SecurityEvent(START.plusSeconds(i + 1),
						"node-1", Door.SEND, "refusal " + i, "ann", null, null, null)));
		}
	}

}

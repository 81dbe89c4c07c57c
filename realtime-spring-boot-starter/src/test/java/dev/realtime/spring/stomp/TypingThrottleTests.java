package dev.realtime.spring.stomp;

import java.util.concurrent.TimeUnit;

import dev.realtime.Topic;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TypingThrottleTests {

	private static final Topic ROOM = Topic.of("room.42");

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final TypingThrottle pace = new TypingThrottle(SECOND);

	@Test
	void tellsOnceASecondThatSomebodyTypes() {
		assertThat(this.pace.passes(ROOM, true, 0)).isTrue();
		assertThat(this.pace.passes(ROOM, true, SECOND - 1)).isFalse();
		assertThat(this.pace.passes(ROOM, true, SECOND)).isTrue();
	}

	@Test
	void tellsEachTopicByItself() {
		assertThat(this.pace.passes(ROOM, true, 0)).isTrue();
		assertThat(this.pace.passes(Topic.of("room.43"), true, 0)).isTrue();
	}

	@Test
	void tellsThatTheyStoppedOnceAndOnlyIfTheyTyped() {
		assertThat(this.pace.passes(ROOM, false, 0)).isFalse();
		assertThat(this.pace.passes(ROOM, true, 0)).isTrue();
		assertThat(this.pace.passes(ROOM, false, 1)).isTrue();
		assertThat(this.pace.passes(ROOM, false, 2)).isFalse();
	}

	@Test
	void stoppingBetweenDoesNotMakeTheNextOneComeSooner() {
		assertThat(this.pace.passes(ROOM, true, 0)).isTrue();
		assertThat(this.pace.passes(ROOM, false, 1)).isTrue();
		assertThat(this.pace.passes(ROOM, true, SECOND - 1)).isFalse();
		assertThat(this.pace.passes(ROOM, true, SECOND)).isTrue();
	}

	@Test
	void remembersSoManyTopicsAndTellsNoMoreUntilTheOldestAreForgotten() {
		for (int i = 0; i < TypingThrottle.MAX_TOPICS; i++) {
			assertThat(this.pace.passes(Topic.of("room." + i), true, i)).isTrue();
		}
		Topic more = Topic.of("more");
		assertThat(this.pace.passes(more, true, TypingThrottle.MEMORY_NANOS)).isFalse();
		assertThat(this.pace.passes(more, true, TypingThrottle.MEMORY_NANOS + 1)).isTrue();
	}

}

package dev.realtime.spring.occupancy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

import dev.realtime.Topic;
import dev.realtime.loop.Loops;
import dev.realtime.spring.TopicEventsProperties;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Which events there are, in simulated time. */
class TopicEventsTests {

	private static final Topic ROOM = Topic.of("room.1");

	private static final Duration GRACE = Duration.ofSeconds(2);

	private final VirtualEnvironment time = new VirtualEnvironment(7);

	private final Loops loops = new Loops(this.time, Duration.ofSeconds(30));

	private final List<String> published = new ArrayList<>();

	private Consumer<String> listener = this.published::add;

	@Test
	void theFirstSubscriberOccupiesAndTheLastOneVacatesAfterTheGrace() {
		TopicEvents events = events(10);
		events.joined(ROOM);
		events.joined(ROOM);
		this.time.runDue();
		assertThat(this.published).containsExactly("occupied room.1");
		events.left(ROOM);
		this.time.advance(Duration.ofSeconds(10));
		events.left(ROOM);
		this.time.advance(GRACE.minusMillis(1));
		assertThat(this.published).hasSize(1);
		this.time.advance(Duration.ofMillis(2));
		assertThat(this.published).containsExactly("occupied room.1", "vacated room.1");
		events.joined(ROOM);
		this.time.runDue();
		assertThat(this.published).containsExactly("occupied room.1", "vacated room.1", "occupied room.1");
	}

	@Test
	void aReloadIsNoEventAndTheGraceBeginsAgain() {
		TopicEvents events = events(10);
		events.joined(ROOM);
		for (int i = 0; i < 5; i++) {
			this.time.advance(Duration.ofMillis(10));
			events.left(ROOM);
			this.time.advance(Duration.ofMillis(1_900));
			events.joined(ROOM);
		}
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.published).containsExactly("occupied room.1");
		events.left(ROOM);
		this.time.advance(GRACE);
		assertThat(this.published).hasSize(2);
	}

	@Test
	void rule9_anErrorOfAListenerHarmsNoOtherEvent() {
		TopicEvents events = events(10);
		this.listener = (event) -> {
			this.published.add(event);
			throw new AssertionError("on purpose");
		};
		events.joined(ROOM);
		events.joined(Topic.of("room.2"));
		this.time.runDue();
		events.left(ROOM);
		this.time.advance(GRACE);
		assertThat(this.published).containsExactly("occupied room.1", "occupied room.2", "vacated room.1");
	}

	@Test
	void rule9_anErrorOfAListenerKeepsNoOtherTopicFromBeingMadeUpFor() {
		TopicEvents events = events(1);
		this.listener = (event) -> {
			this.published.add(event);
			throw new AssertionError("on purpose");
		};
		for (int i = 0; i < 10; i++) {
			events.joined(Topic.of("room." + i));
		}
		this.time.advance(Duration.ofSeconds(1));
		assertThat(this.published).hasSize(10);
	}

	@Test
	void rule8_changesBeyondTheQueueAreCountedAndMadeUpFor() {
		TopicEvents events = events(3);
		for (int i = 0; i < 10; i++) {
			events.joined(Topic.of("room." + i));
		}
		assertThat(events.dropped()).isEqualTo(7);
		this.time.runDue();
		assertThat(this.published).hasSize(3);
		this.time.advance(Duration.ofSeconds(1));
		assertThat(this.published).hasSize(10);
		for (int i = 0; i < 10; i++) {
			events.left(Topic.of("room." + i));
		}
		this.time.advance(GRACE.plusSeconds(1));
		assertThat(this.published).hasSize(20).filteredOn((event) -> event.startsWith("vacated")).hasSize(10);
		assertThat(events.topics()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4, 1_000 })
	void theEventsOfATopicAlternateAndEndWithItsState(int queue) {
		TopicEvents events = events(queue);
		Random random = new Random(queue);
		Map<Topic, Integer> counts = new HashMap<>();
		for (int i = 0; i < 20_000; i++) {
			Topic topic = Topic.of("room." + random.nextInt(20));
			int count = counts.getOrDefault(topic, 0);
			if (count > 0 && random.nextInt(count + 1) > 0) {
				events.left(topic);
				counts.put(topic, count - 1);
			}
			else {
				events.joined(topic);
				counts.put(topic, count + 1);
			}
			if (random.nextInt(20) == 0) {
				this.time.advance(Duration.ofMillis(random.nextInt(3_000)));
			}
		}
		this.time.advance(Duration.ofSeconds(10));
		Set<String> occupied = new HashSet<>();
		for (String event : this.published) {
			String topic = event.substring(event.indexOf(' ') + 1);
			assertThat(event.startsWith("occupied") ? occupied.add(topic) : occupied.remove(topic)).as(event).isTrue();
		}
		counts.forEach((topic, count) -> assertThat(occupied.contains(topic.name())).isEqualTo(count > 0));
	}

	private TopicEvents events(int queue) {
		return new TopicEvents(new TopicEventsProperties(true, false, GRACE, queue), this.loops.loop("topic-events"),
				(topic, occupied, time) -> this.listener.accept((occupied ? "occupied " : "vacated ") + topic));
	}

}

package dev.realtime.journey;

import java.time.Duration;

import dev.realtime.Content;
import dev.realtime.Publication;
import dev.realtime.Topic;
import dev.realtime.testing.VirtualEnvironment;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** The next messages of a topic ask for their journey. */
class JourneyRequestsTests {

	private static final Topic ROOM = Topic.of("room.42");

	private final VirtualEnvironment environment = new VirtualEnvironment(1);

	private final JourneyRequests requests = new JourneyRequests(this.environment);

	@Test
	void marksAsManyMessagesOfTheTopicAsWereAskedFor() {
		this.requests.ask(ROOM, 2);
		assertThat(isMarked("room.43")).isFalse();
		assertThat(isMarked("room.42")).isTrue();
		assertThat(isMarked("room.42")).isTrue();
		assertThat(isMarked("room.42")).isFalse();
	}

	@Test
	void keepsEverythingElseOfAMessage() {
		this.requests.ask(ROOM, 1);
		Publication publication = Publication.to(ROOM).content(Content.text("hello")).header("a", "b").id("1").build();
		Publication marked = this.requests.marked(publication);
		assertThat(marked.content().hasJourney()).isTrue();
		assertThat(marked.content().headers()).isEqualTo(publication.content().headers());
		assertThat(marked.content().text()).isEqualTo("hello");
		assertThat(marked.id()).isEqualTo("1");
	}

	@Test
	void forgetsARequestAfterTenMinutes() {
		this.requests.ask(ROOM, 1);
		this.environment.advance(JourneyRequests.LONGEST.minus(Duration.ofMillis(1)));
		this.requests.ask(Topic.of("room.43"), 1);
		this.environment.advance(Duration.ofMillis(1));
		assertThat(isMarked("room.42")).isFalse();
		assertThat(isMarked("room.43")).isTrue();
	}

	@Test
	void endsARequest() {
		this.requests.ask(ROOM, 5);
		this.requests.ask(ROOM, 0);
		assertThat(isMarked("room.42")).isFalse();
	}

	@Test
	void isBounded() {
		for (int i = 0; i < JourneyRequests.MOST_TOPICS; i++) {
			this.requests.ask(Topic.of("room." + i), 1);
		}
		this.requests.ask(Topic.of("room.0"), 2);
		assertThatIllegalStateException().isThrownBy(() -> this.requests.ask(Topic.of("room.more"), 1))
			.withMessageContaining("20 topics");
		assertThatIllegalArgumentException().isThrownBy(() -> this.requests.ask(ROOM, 51))
			.withMessage("messages must be from 0 to 50, but is 51");
		assertThatIllegalArgumentException().isThrownBy(() -> this.requests.ask(ROOM, -1));
		this.environment.advance(JourneyRequests.LONGEST);
		this.requests.ask(Topic.of("room.more"), 1);
		assertThat(isMarked("room.more")).isTrue();
	}

	private boolean isMarked(String topic) {
		return this.requests.marked(Publication.of(Topic.of(topic), Content.text("hello"))).content().hasJourney();
	}

}

package dev.realtime;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class PublicationTests {

	private static final Topic ROOM = Topic.of("room.42");

	@Test
	void theSenderIsAHeaderOfTheContent() {
		Publication publication = Publication.to(ROOM).header("x-color", "red").sender("ann").build();
		assertThat(publication.content().headers()).containsOnly(Map.entry("x-color", "red"),
				Map.entry("sender", "ann"));
	}

	@Test
	void aHeaderOfThisNameThatIsNotTheSenderIsTakenOut() {
		assertThat(Publication.to(ROOM).header("sender", "admin").sender("ann").build().content().headers())
			.containsOnly(Map.entry("sender", "ann"));
		Publication nobody = Publication.to(ROOM)
			.payload("hello".getBytes(java.nio.charset.StandardCharsets.UTF_8), Content.TEXT)
			.type("greeting")
			.header("sender", "admin")
			.header("x-color", "red")
			.build();
		assertThat(nobody.content().headers()).containsOnly(Map.entry("x-color", "red"));
		assertThat(nobody.content().text()).isEqualTo("hello");
		assertThat(nobody.content().contentType()).isEqualTo(Content.TEXT);
		assertThat(nobody.content().type()).isEqualTo("greeting");
	}

	@Test
	void aHeaderThatSaysImportantIsTakenOutUnlessThePublicationIs() {
		assertThat(Publication.to(ROOM).important(true).build().content().headers())
			.containsOnly(Map.entry("important", "true"));
		assertThat(Publication.to(ROOM).header("important", "true").build().content().headers()).isEmpty();
		assertThat(Publication.to(ROOM).header("important", "high").build().content().isImportant()).isFalse();
	}

	@Test
	void theTraceIsStoredAsAHeaderAndIsNone() {
		String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
		Publication traced = Publication.to(ROOM).header("a", "b").sender("ann").build().traced(trace);
		assertThat(traced.content().trace()).isEqualTo(trace);
		assertThat(traced.content().headers()).containsOnly(Map.entry("a", "b"), Map.entry("sender", "ann"));
		assertThat(traced.content().storedHeaders()).containsEntry(Content.TRACE, trace).hasSize(3);
		assertThat(traced.content().withType("kind").trace()).isEqualTo(trace);
		Publication again = Publication.to(ROOM).content(traced.content()).build();
		assertThat(again.content().trace()).isNull();
		assertThat(traced.traced(null).content().storedHeaders()).doesNotContainKey(Content.TRACE);
	}

	@Test
	void theRequestForAJourneyIsStoredAsAHeaderAndIsNone() {
		String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
		Content content = Publication.to(ROOM).header("a", "b").header(Content.JOURNEY, "true").build().content();
		assertThat(content.hasJourney()).isTrue();
		assertThat(content.isObserved()).isTrue();
		assertThat(content.headers()).containsOnly(Map.entry("a", "b"));
		assertThat(content.storedHeaders()).containsOnly(Map.entry("a", "b"), Map.entry(Content.JOURNEY, "true"));
		assertThat(content.traced(trace).traced(null).withType("kind").hasJourney()).isTrue();
		assertThat(content.traced(trace).storedHeaders()).hasSize(3);
		assertThat(Publication.to(ROOM).content(content).build().content().hasJourney()).isFalse();
		assertThat(Content.text("plain").isObserved()).isFalse();
		for (String none : List.of("", "false", "TRUE", "1")) {
			Content plain = Content.of(new byte[0], Content.TEXT, null, Map.of(Content.JOURNEY, none, "a", "b"));
			assertThat(plain.isObserved()).isFalse();
			assertThat(plain.storedHeaders()).containsOnlyKeys("a");
		}
		Publication.Builder large = Publication.to(ROOM).header(Content.JOURNEY, "true");
		IntStream.range(0, 65).forEach((i) -> large.header("h" + i, ""));
		assertThat(large.build().content().hasJourney()).isFalse();
	}

	@Test
	void whatIsNoTraceIsLeftOut() {
		for (String none : List.of("", "00-x-y-01", "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
				"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n")) {
			Content content = Content.of(new byte[0], Content.TEXT, null, Map.of(Content.TRACE, none, "a", "b"));
			assertThat(content.trace()).isNull();
			assertThat(content.storedHeaders()).containsOnlyKeys("a");
		}
		Publication.Builder large = Publication.to(ROOM);
		IntStream.range(0, 65).forEach((i) -> large.header("h" + i, ""));
		assertThat(large.build().traced("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01").content().trace())
			.isNull();
	}

	@Test
	void contentThatNamesTheSenderAlreadyIsKeptAsItIs() {
		Content content = Content.of(new byte[0], Content.TEXT, null, Map.of("sender", "ann"));
		assertThat(new Publication(ROOM, content, null, null, null, "ann").content()).isSameAs(content);
	}

}

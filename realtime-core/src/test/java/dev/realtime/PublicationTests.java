package dev.realtime;

import java.util.Map;

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
	void contentThatNamesTheSenderAlreadyIsKeptAsItIs() {
		Content content = Content.of(new byte[0], Content.TEXT, null, Map.of("sender", "ann"));
		assertThat(new Publication(ROOM, content, null, null, null, "ann").content()).isSameAs(content);
	}

}

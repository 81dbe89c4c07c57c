package dev.realtime.spring.publisher;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import dev.realtime.Content;
import dev.realtime.IllegalTopicException;
import dev.realtime.Position;
import dev.realtime.Publication;
import dev.realtime.PublishException;
import dev.realtime.PublishReceipt;
import dev.realtime.spring.testing.JsonMessageConverters;
import dev.realtime.spring.testing.RecordingPublisher;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.messaging.converter.CompositeMessageConverter;
import org.springframework.messaging.handler.annotation.Payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class InterfacePublisherTests {

	private final RecordingPublisher published = new RecordingPublisher();

	@Test
	void publishesTheArgumentThatFillsNothing() {
		publisher(Rooms.class).posted("42", new Post(1, "hi", new Author("ada")));
		Publication publication = this.published.published().get(0);
		assertThat(publication.topic().name()).isEqualTo("room.42");
		assertThat(publication.content().contentType()).isEqualTo("application/json");
		assertThat(publication.content().text()).isEqualTo("{\"id\":1,\"text\":\"hi\",\"author\":{\"name\":\"ada\"}}");
		assertThat(publication.content().type()).isEqualTo("post");
		assertThat(publication.id()).isEqualTo("post-1");
	}

	@Test
	void fillsFromPropertiesOfRecordsBeansAndMaps() {
		Rooms rooms = publisher(Rooms.class);
		assertThat(rooms.byAuthor(new Post(1, "hi", new Author("ada"))).position()).isEqualTo(new Position("E", 1));
		rooms.byBean(new Bean());
		rooms.byMap(Map.of("room", 9, "text", "x"));
		rooms.bySealed(new Opened("o1"));
		assertThat(this.published.published()).extracting((publication) -> publication.topic().name())
			.containsExactly("author.ada", "bean.b1", "map.9", "event.o1");
	}

	@Test
	void namesTheSenderWhereThereIsOne() {
		Rooms rooms = publisher(Rooms.class);
		rooms.said("1", "ada", "hi");
		rooms.said("1", null, "nobody's word");
		rooms.text(1, "hi");
		assertThat(this.published.published()).extracting(Publication::sender).containsExactly("ada", null, null);
	}

	@Test
	void takesTextBytesAndContentAsTheyAre() {
		Rooms rooms = publisher(Rooms.class);
		rooms.text(5L, "hello");
		rooms.bytes("6", new byte[] { 1, 2 });
		rooms.content("7", Content.json("[1]"));
		assertThat(this.published.published()).extracting((publication) -> publication.content().contentType())
			.containsExactly(Content.TEXT, "application/octet-stream", Content.JSON);
		assertThat(this.published.lines().get(0)).isEqualTo("room.5: hello");
	}

	@Test
	void answersAsTheMethodWants() throws Exception {
		Rooms rooms = publisher(Rooms.class);
		assertThat(rooms.stage("1", "x").toCompletableFuture().get().position().seq()).isEqualTo(1);
		assertThat(rooms.future("1", "x").get().position().seq()).isEqualTo(2);
		this.published.failWith(new IllegalStateException("away"));
		assertThat(rooms.future("1", "x")).isCompletedExceptionally();
		assertThatExceptionOfType(PublishException.class).isThrownBy(() -> rooms.text(1, "x"))
			.withMessage("Could not publish on \"room.1\": away");
	}

	@Test
	void callsDefaultMethodsAndThoseOfObject() {
		Rooms rooms = publisher(Rooms.class);
		rooms.shout("42", "hi");
		assertThat(this.published.lines()).containsExactly("room.42: HI");
		assertThat(rooms).hasToString("Topic publisher " + Rooms.class.getName()).isEqualTo(rooms);
		assertThat(rooms.hashCode()).isEqualTo(rooms.hashCode());
	}

	@Test
	void methodsWithoutTopicTakeThatOfTheInterface() {
		publisher(Notices.class).all("x");
		publisher(Notices.class).some("y");
		assertThat(this.published.lines()).containsExactly("notices: x", "notices.some: y");
	}

	@Test
	void refusesAtTheCallWhatDoesNotFit() {
		Rooms rooms = publisher(Rooms.class);
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> rooms.bytes("1.secret", new byte[1]));
		assertThatExceptionOfType(IllegalTopicException.class).isThrownBy(() -> rooms.byMap(Map.of("text", "x")))
			.withMessageContaining("{payload.room} was filled with null");
		assertThatIllegalArgumentException().isThrownBy(() -> rooms.bytes("1", null)).withMessageContaining("is null");
		assertThat(this.published.published()).isEmpty();
	}

	@Test
	void refusesAtStartupWhatCanNeverWork() {
		assertInvalid(NothingFills.class, "nothing fills {roomId}; give a parameter that name");
		assertInvalid(NoSuchProperty.class, "nothing fills {payload.author.nick}: " + Author.class.getName()
				+ " has no readable property \"nick\"");
		assertInvalid(IllegalLiteral.class, "Illegal topic name \"my\\u000Aroom.x\"");
		assertInvalid(WrongReturn.class, "it returns java.lang.String; use void, PublishReceipt or");
		assertInvalid(WrongStage.class, "it returns java.util.concurrent.CompletionStage<java.lang.String>");
		assertInvalid(NoPayload.class, "it has no payload");
		assertInvalid(Ambiguous.class, "2 parameters could be the payload");
		assertInvalid(UnusedVariable.class, "@TopicVariable \"rom\" fills no placeholder");
		assertInvalid(Unannotated.class, "the method has no @TopicPublisher");
		assertInvalid(NoTopic.class, "it names no topic");
		assertInvalid(Engine.class, "are reserved");
		assertInvalid(AnnotatedDefault.class, "a default method has a body of its own");
	}

	private void assertInvalid(Class<?> type, String why) {
		assertThatExceptionOfType(InvalidTopicPublisherException.class).isThrownBy(() -> publisher(type))
			.withMessageStartingWith("@TopicPublisher on " + type.getName() + '.')
			.withMessageContaining(why);
	}

	private <T> T publisher(Class<T> type) {
		PayloadConverter converter = new PayloadConverter(
				() -> new CompositeMessageConverter(List.of(JsonMessageConverters.create())));
		return type.cast(new InterfacePublisher(type, () -> this.published, () -> converter).proxy());
	}

	interface Rooms {

		@TopicPublisher(value = "room.{roomId}", type = "post", id = "post-{payload.id}")
		void posted(String roomId, Post post);

		@TopicPublisher("author.{payload.author.name}")
		PublishReceipt byAuthor(Post post);

		@TopicPublisher("bean.{bean.id}")
		void byBean(Bean bean);

		@TopicPublisher("map.{payload.room}")
		void byMap(Map<String, Object> map);

		@TopicPublisher("event.{payload.orderId}")
		void bySealed(Event event);

		@TopicPublisher("room.{roomId}")
		void text(@TopicVariable("roomId") long id, String text);

		@TopicPublisher(value = "room.{roomId}", sender = "{author}")
		void said(String roomId, @Nullable String author, String text);

		@TopicPublisher("room.{roomId}")
		void bytes(String roomId, byte @Nullable [] bytes);

		@TopicPublisher("room.{roomId}")
		void content(String roomId, Content content);

		@TopicPublisher("room.{a}")
		CompletionStage<PublishReceipt> stage(String a, @Payload String payload);

		@TopicPublisher("room.{a}")
		CompletableFuture<PublishReceipt> future(String a, String text);

		default void shout(String room, String text) {
			text(Long.parseLong(room), text.toUpperCase(Locale.ROOT));
		}

	}

	@TopicPublisher("notices")
	interface Notices {

		void all(String text);

		@TopicPublisher("notices.some")
		void some(String text);

	}

	interface NothingFills {

		@TopicPublisher("room.{roomId}")
		void post(String room, String text);

	}

	interface NoSuchProperty {

		@TopicPublisher("room.{payload.author.nick}")
		void post(Post post);

	}

	interface IllegalLiteral {

		@TopicPublisher("my\nroom.{id}")
		void post(String id, String text);

	}

	interface WrongReturn {

		@TopicPublisher("room")
		String post(String text);

	}

	interface WrongStage {

		@TopicPublisher("room")
		CompletionStage<String> post(String text);

	}

	interface NoPayload {

		@TopicPublisher("room.{id}")
		void post(String id);

	}

	interface Ambiguous {

		@TopicPublisher("room")
		void post(String one, String other);

	}

	interface UnusedVariable {

		@TopicPublisher("room.{room}")
		void post(String room, @TopicVariable("rom") String other, String text);

	}

	interface Unannotated {

		@TopicPublisher("room")
		void post(String text);

		void other(String text);

	}

	interface NoTopic {

		@TopicPublisher
		void post(String text);

	}

	interface Engine {

		@TopicPublisher("_presence.{room}")
		void post(String room, String text);

	}

	interface AnnotatedDefault {

		@TopicPublisher("room")
		default void post(String text) {
		}

	}

	record Post(long id, String text, Author author) {
	}

	record Author(String name) {
	}

	sealed interface Event permits Opened {

		String orderId();

	}

	record Opened(String orderId) implements Event {
	}

	static class Bean {

		public String getId() {
			return "b1";
		}

	}

}

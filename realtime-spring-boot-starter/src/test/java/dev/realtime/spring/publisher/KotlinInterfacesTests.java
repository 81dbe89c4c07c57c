package dev.realtime.spring.publisher;

import java.util.List;

import dev.realtime.spring.testing.RecordingPublisher;
import dev.realtime.spring.testing.TextConverter;
import org.junit.jupiter.api.Test;

import org.springframework.core.test.tools.SourceFile;
import org.springframework.core.test.tools.TestCompiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Interfaces as Kotlin's compiler makes them. */
class KotlinInterfacesTests {

	private final RecordingPublisher published = new RecordingPublisher();

	@Test
	void rule11_aFunctionWithABodyCallsTheOthers() {
		publisher(Rooms.class).both("hello");

		assertThat(this.published.published()).extracting((publication) -> publication.topic().name())
			.containsExactly("room.a", "room.b");
	}

	@Test
	void rule11_aSuspendingFunctionNeedsTheModuleForKotlin() {
		SourceFile continuation = SourceFile.of("package kotlin.coroutines; public interface Continuation<T> { }");
		SourceFile rooms = SourceFile.of("""
				package app;
				public interface Rooms {
					@dev.realtime.spring.publisher.TopicPublisher("room.{room}")
					Object say(String room, String text, kotlin.coroutines.Continuation<? super Object> continuation);
				}
				""");
		TestCompiler.forSystem()
			.withSources(continuation, rooms)
			.compile((compiled) -> assertThatExceptionOfType(InvalidTopicPublisherException.class)
				.isThrownBy(() -> publisher(compiled.getAllCompiledClasses()
					.stream()
					.filter((type) -> type.getName().equals("app.Rooms"))
					.findFirst()
					.orElseThrow()))
				.withMessageContaining("suspending functions need the module realtime-kotlin"));
	}

	private <T> T publisher(Class<T> type) {
		PayloadConverter converter = new PayloadConverter(TextConverter::new);
		return type.cast(new InterfacePublisher(type, () -> this.published, () -> converter).proxy());
	}

	/** Before version 2.2, the body of a function is in a nested class. */
	interface Rooms {

		@TopicPublisher("room.{room}")
		void say(String room, String text);

		void both(String text);

		/** As it is named there. */
		final class DefaultImpls {

			private DefaultImpls() {
			}

			/** The body. */
			public static void both(Rooms rooms, String text) {
				List.of("a", "b").forEach((room) -> rooms.say(room, text));
			}

		}

	}

}

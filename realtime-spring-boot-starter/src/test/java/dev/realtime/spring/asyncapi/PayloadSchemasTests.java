package dev.realtime.spring.asyncapi;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import dev.realtime.spring.asyncapi.app.ChatMessage;
import dev.realtime.spring.asyncapi.app.OrderPacked;
import org.junit.jupiter.api.Test;

import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;

class PayloadSchemasTests {

	private final PayloadSchemas generated = new GeneratedSchemas(
			() -> StandardGenerator.create(getClass().getClassLoader()));

	@Test
	void refersToTheDefinitionsOfTypesAndOfThoseWithin() {
		PayloadSchemas.Schemas schemas = this.generated.of(Set.of(ChatMessage.class, list(ChatMessage.class)));
		assertThat(schemas.byType().get(ChatMessage.class))
			.isEqualTo(Map.of("$ref", "#/components/schemas/ChatMessage"));
		assertThat(schemas.byType().get(list(ChatMessage.class)))
			.isEqualTo(Map.of("type", "array", "items", Map.of("$ref", "#/components/schemas/ChatMessage")));
		assertThat(schemas.definitions().keySet()).contains("ChatMessage", "Attachment");
	}

	@Test
	void aTypeThatCannotBeDescribedSpoilsNoOther() {
		SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_7,
				OptionPreset.PLAIN_JSON);
		config.forFields().withIgnoreCheck((field) -> {
			if (field.getRawMember().getDeclaringClass() == Broken.class) {
				throw new StackOverflowError();
			}
			return false;
		});
		SchemaGenerator generator = new SchemaGenerator(config.build());
		PayloadSchemas.Schemas schemas = new GeneratedSchemas(() -> generator)
			.of(List.of(Broken.class, OrderPacked.class));
		assertThat(schemas.byType().get(Broken.class)).isEqualTo(Map.of("title", "Broken", "type", "object"));
		assertThat(schemas.byType().get(OrderPacked.class)).containsKey("properties");
	}

	@Test
	void typesOfTheSameNameHaveDifferentDefinitions() {
		PayloadSchemas.Schemas schemas = this.generated.of(Set.of(One.Same.class, Two.Same.class));
		assertThat(schemas.definitions().keySet()).containsExactlyInAnyOrder("Same-1", "Same-2");
		assertThat(schemas.byType().get(One.Same.class)).isNotEqualTo(schemas.byType().get(Two.Same.class));
	}

	@Test
	void textBytesAndAnythingNeedNoLibrary() {
		for (PayloadSchemas each : List.of(this.generated, new PlainSchemas())) {
			PayloadSchemas.Schemas schemas = each.of(Set.of(String.class, byte[].class, Object.class));
			assertThat(schemas.byType()).isEqualTo(Map.of(String.class, Map.of("type", "string"), byte[].class,
					Map.of("type", "string", "format", "binary"), Object.class, Map.of()));
		}
	}

	@Test
	void withoutTheLibraryTypesHaveANameOnly() {
		Map<Type, Map<String, Object>> schemas = new PlainSchemas()
			.of(Set.of(ChatMessage.class, list(String.class), int.class, boolean.class, ChatMessage.Mood.class))
			.byType();
		assertThat(schemas.get(ChatMessage.class)).isEqualTo(Map.of("title", "ChatMessage", "type", "object"));
		assertThat(schemas.get(list(String.class))).containsEntry("type", "array");
		assertThat(schemas.get(int.class)).containsEntry("type", "number");
		assertThat(schemas.get(boolean.class)).containsEntry("type", "boolean");
		assertThat(schemas.get(ChatMessage.Mood.class)).containsEntry("type", "string");
	}

	private static Type list(Class<?> element) {
		return ResolvableType.forClassWithGenerics(List.class, element).getType();
	}

	/** Cannot be described. */
	record Broken(String text) {
	}

	/** Has a type of the same name as the other. */
	static final class One {

		record Same(String text) {
		}

	}

	/** Has a type of the same name as the other. */
	static final class Two {

		record Same(int number) {
		}

	}

}

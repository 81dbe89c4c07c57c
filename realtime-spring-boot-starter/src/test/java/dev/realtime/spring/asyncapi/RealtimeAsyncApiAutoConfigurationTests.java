package dev.realtime.spring.asyncapi;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import dev.realtime.TopicPolicies;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.asyncapi.app.ChatMessage;
import dev.realtime.spring.asyncapi.app.OrderPacked;
import dev.realtime.spring.publisher.DeclaredTopic;
import dev.realtime.spring.publisher.DeclaredTopics;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** What the document has if there is no library, and what the application decides. */
class RealtimeAsyncApiAutoConfigurationTests {

	private static final ServerAddress BASE = new ServerAddress(false, "localhost", "");

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RealtimeAsyncApiAutoConfiguration.class))
		.withPropertyValues("realtime.asyncapi.enabled=true")
		.withBean(Destinations.class, () -> new Destinations(() -> "/user/"))
		.withBean(DeclaredTopics.class, () -> () -> List.of(topic("Orders.packed", "order.{id}", OrderPacked.class),
				topic("Rooms.posted", "_audit.room", ChatMessage.class), topic("Illegal.name", "", ChatMessage.class)));

	@Test
	void namesTypesWithoutTheLibrary() {
		this.runner.withClassLoader(new FilteredClassLoader("com.github.victools")).run((context) -> {
			String json = json(context);
			assertThat(AsyncApiSchema.problems(json)).isEmpty();
			assertThat(json).contains("\"payload\":{\"title\":\"OrderPacked\",\"type\":\"object\"}",
					"\"title\":\"Realtime messages\"");
		});
	}

	@Test
	void readsNoAnnotationsOfJacksonWithoutItsModule() {
		this.runner
			.withClassLoader(new FilteredClassLoader("com.github.victools.jsonschema.module", "jakarta.validation"))
			.run((context) -> assertThat(json(context)).contains("\"orderId\":{\"type\":\"string\"}"));
	}

	@Test
	void takesTheGeneratorOfTheApplication() {
		this.runner.withBean(SchemaGenerator.class, (Supplier<SchemaGenerator>) () -> {
			SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_7,
					OptionPreset.PLAIN_JSON);
			config.with(Option.DEFINITIONS_FOR_ALL_OBJECTS);
			config.forFields().withPropertyNameOverrideResolver((field) -> field.getName().toUpperCase(Locale.ROOT));
			return new SchemaGenerator(config.build());
		}).run((context) -> assertThat(json(context)).contains("\"ORDERID\":{\"type\":\"string\"}"));
	}

	@Test
	void leavesOutTopicsThatClientsCannotName() {
		this.runner.run((context) -> assertThat(json(context)).contains("Orders.packed")
			.doesNotContain("Illegal.name", "Rooms.posted"));
	}

	@Test
	void survivesPoliciesThatThrow() {
		this.runner.withBean(TopicPolicies.class, () -> (topic) -> {
			throw new IllegalStateException("not now");
		}).run((context) -> assertThat(json(context)).contains("Orders.packed").doesNotContain("x-realtime-topic"));
	}

	private static DeclaredTopic topic(String source, String topic, Class<?> payload) {
		return new DeclaredTopic(source, topic, topic.contains("{id}") ? Map.of("id", "") : Map.of(), payload, null);
	}

	private static String json(ApplicationContext context) {
		return context.getBean(AsyncApiDocument.class).page().toCompletableFuture().join().json(BASE);
	}

}

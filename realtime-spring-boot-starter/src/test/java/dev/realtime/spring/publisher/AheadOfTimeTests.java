package dev.realtime.spring.publisher;

import java.util.function.BiConsumer;

import dev.realtime.spring.publisher.app.Greetings;
import dev.realtime.spring.publisher.app.Lobby;
import dev.realtime.spring.publisher.app.OrderService;
import dev.realtime.spring.publisher.app.RoomEvent;
import dev.realtime.spring.publisher.app.RoomTopics;
import dev.realtime.spring.testing.RecordingPublisher;
import org.junit.jupiter.api.Test;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** An application whose beans are written down by Spring's AOT processing. */
@CompileWithForkedClassLoader
class AheadOfTimeTests {

	@Test
	void interfacesAnnotatedMethodsAndEventsPublishFromWhatWasGenerated() {
		processed((initializer, hints) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				initializer.initialize(context);
				context.refresh();
				context.getBean(RoomTopics.class).posted("42", "hi");
				context.getBean(Greetings.class).greet("ada");
				context.publishEvent(new RoomEvent.Entered("42", "ada"));
				assertThat(context.getBean(RecordingPublisher.class).published())
					.extracting((publication) -> publication.topic().name())
					.containsExactly("room.42", "greetings.ada", "room.42");
				assertThatExceptionOfType(NoSuchBeanDefinitionException.class)
					.isThrownBy(() -> context.getBean(TopicPublisherScanner.class));
			}
		});
	}

	@Test
	void interfacesMayBePrivateToTheirPackage() {
		processed((initializer, hints) -> {
			try (GenericApplicationContext context = new GenericApplicationContext()) {
				initializer.initialize(context);
				context.refresh();
				Lobby.enter(context, "ada", "north");
				assertThat(context.getBean(RecordingPublisher.class).lines()).containsExactly("lobby: ada",
						"lobby.doors: north");
			}
		});
	}

	@Test
	void aNativeImageKnowsTheProxiesAndThePayloads() {
		processed((initializer, hints) -> {
			assertThat(RuntimeHintsPredicates.proxies().forInterfaces(RoomTopics.class)).accepts(hints);
			assertThat(RuntimeHintsPredicates.reflection().onType(OrderService.Order.class)).accepts(hints);
			assertThat(RuntimeHintsPredicates.reflection().onType(RoomEvent.class)).accepts(hints);
			assertThat(RuntimeHintsPredicates.reflection().onType(RoomEvent.Entered.class)).accepts(hints);
		});
	}

	@SuppressWarnings("unchecked")
	private static void processed(
			BiConsumer<ApplicationContextInitializer<GenericApplicationContext>, RuntimeHints> test) {
		TestGenerationContext generated = new TestGenerationContext(AheadOfTimeTests.class);
		ClassName initializer = generate(generated);
		generated.writeGeneratedContent();
		TestCompiler.forSystem()
			.withCompilerOptions("-Xlint:none")
			.with(generated)
			.compile((compiled) -> test.accept(
					compiled.getInstance(ApplicationContextInitializer.class, initializer.reflectionName()),
					generated.getRuntimeHints()));
	}

	private static ClassName generate(GenerationContext generated) {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.register(Application.class);
			return new ApplicationContextAotGenerator().processAheadOfTime(context, generated);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackageClasses = RoomTopics.class)
	@ImportAutoConfiguration(TopicPublisherAutoConfiguration.class)
	static class Application {

		@Bean
		RecordingPublisher publisher() {
			return new RecordingPublisher();
		}

		@Bean
		Greeter greeter() {
			return new Greeter();
		}

		@Bean
		OrderService orders() {
			return new OrderService();
		}

	}

	static class Greeter implements Greetings {

		@Override
		public String greet(String name) {
			return "hello " + name;
		}

	}

}

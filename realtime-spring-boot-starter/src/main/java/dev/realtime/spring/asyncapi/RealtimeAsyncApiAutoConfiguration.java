package dev.realtime.spring.asyncapi;

import java.util.LinkedHashMap;
import java.util.Map;

import com.github.victools.jsonschema.generator.SchemaGenerator;
import dev.realtime.spring.AsyncApiProperties;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.publisher.TopicPublisherAutoConfiguration;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.servlet.DispatcherServlet;

/** Auto-configuration of the AsyncAPI document, if the application switches it on. */
@AutoConfiguration(after = { RealtimeAutoConfiguration.class, TopicPublisherAutoConfiguration.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnProperty(name = "realtime.enabled", matchIfMissing = true)
@EnableConfigurationProperties(AsyncApiProperties.class)
public class RealtimeAsyncApiAutoConfiguration {

	/** Where the document is switched on. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty("realtime.asyncapi.enabled")
	static class DocumentConfiguration {

		@Bean
		AsyncApiDocument realtimeAsyncApiDocument(AsyncApiProperties properties, Environment environment,
				ListableBeanFactory beans, ObjectProvider<PayloadSchemas> schemas,
				ObjectProvider<AsyncApiCustomizer> customizers) {
			DocumentHead head = new DocumentHead(properties, environment.getProperty("spring.application.name"));
			SingletonSupplier<DocumentBuilder> builder = SingletonSupplier.of(() -> {
				ApplicationOperations known = ApplicationOperations.of(beans);
				return new DocumentBuilder(head::create, known::all, schemas.getIfAvailable(PlainSchemas::new),
						known.policies());
			});
			return new AsyncApiDocument(() -> builder.obtain().build(), () -> named(customizers, beans),
					() -> StompEndpoints.of(beans), properties.maxSize().toBytes());
		}

		/** In their order, which only the provider knows. */
		private static Map<String, AsyncApiCustomizer> named(ObjectProvider<AsyncApiCustomizer> customizers,
				ListableBeanFactory beans) {
			Map<String, AsyncApiCustomizer> names = beans.getBeansOfType(AsyncApiCustomizer.class);
			Map<String, AsyncApiCustomizer> named = new LinkedHashMap<>();
			customizers.orderedStream().forEach((each) -> {
				String name = names.entrySet()
					.stream()
					.filter((entry) -> entry.getValue() == each)
					.map(Map.Entry::getKey)
					.findFirst()
					.orElseGet(() -> each.getClass().getName());
				named.put(Names.free(name, named.keySet()), each);
			});
			return named;
		}

	}

	/** Where the application has the library for schemas. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SchemaGenerator.class)
	@ConditionalOnProperty("realtime.asyncapi.enabled")
	static class SchemaConfiguration {

		@Bean
		@ConditionalOnMissingBean
		PayloadSchemas realtimePayloadSchemas(ObjectProvider<SchemaGenerator> generators, ResourceLoader resources) {
			return new GeneratedSchemas(SingletonSupplier
				.of(() -> generators.getIfUnique(() -> StandardGenerator.create(resources.getClassLoader()))));
		}

	}

}

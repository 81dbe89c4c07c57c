package dev.realtime.test;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.TestContextAnnotationUtils;

/** Adds the kit to the application of each {@link RealtimeTest}. */
final class KitCustomizerFactory implements ContextCustomizerFactory {

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		RealtimeTest test = TestContextAnnotationUtils.findMergedAnnotation(testClass, RealtimeTest.class);
		return (test != null) ? new KitCustomizer(test.broker()) : null;
	}

	/**
	 * A part of the key of cached contexts.
	 *
	 * @param broker the value of {@code realtime.broker}, or an empty text
	 */
	record KitCustomizer(String broker) implements ContextCustomizer {

		@Override
		public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration test) {
			new RealtimeTestKit(this.broker).initialize(context);
		}

	}

}

package dev.realtime.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Conditional;

/**
 * For what only a document needs that describes the application's topics: the starter's
 * own, or Springwolf's.
 */
@Documented
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@Conditional(ConditionalOnDescribedTopics.AnyDocument.class)
public @interface ConditionalOnDescribedTopics {

	/** One of them is enough. */
	class AnyDocument extends AnyNestedCondition {

		AnyDocument() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnProperty("realtime.asyncapi.enabled")
		static class OfTheStarter {

		}

		@ConditionalOnClass(name = "io.github.springwolf.core.asyncapi.AsyncApiCustomizer")
		@ConditionalOnProperty(name = "realtime.asyncapi.springwolf", matchIfMissing = true)
		static class OfSpringwolf {

		}

	}

}

package dev.realtime.spring.publisher;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A parameter that fills a placeholder of {@link TopicPublisher} and is not the payload.
 * Needed where the placeholder has another name than the parameter, or where the code is
 * compiled without {@code -parameters}.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface TopicVariable {

	/** The placeholder's name; the parameter's own when empty. */
	String value() default "";

}

package dev.realtime.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;

/**
 * For what only an application with connections needs: everything but a publisher (see
 * {@link Role}).
 */
@Documented
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
@ConditionalOnExpression("!'${realtime.role:node}'.equalsIgnoreCase('publisher')")
public @interface ConditionalOnConnections {

}

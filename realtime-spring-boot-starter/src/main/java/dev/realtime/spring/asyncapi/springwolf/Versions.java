package dev.realtime.spring.asyncapi.springwolf;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;

import io.github.springwolf.asyncapi.v3.model.channel.message.MessageHeaders;
import io.github.springwolf.asyncapi.v3.model.schema.SchemaObject;
import io.github.springwolf.core.asyncapi.scanners.common.payload.PayloadSchemaObject;

import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.util.ReflectionUtils;

/**
 * What has other types in later versions of Springwolf than in 1.12. All else that this
 * package calls has the same signatures in all of them, up to 2.6.
 */
final class Versions {

	private Versions() {
	}

	/**
	 * Makes a schema of a type, which is a string, and from 1.19 on a set of strings.
	 */
	static SchemaObject schema(String type) {
		SchemaObject schema = new SchemaObject();
		PropertyAccessorFactory.forBeanPropertyAccess(schema).setPropertyValue("type", type);
		return schema;
	}

	/**
	 * Refers to a schema of headers: with a {@code MessageReference}, and from 1.14 on
	 * with a {@code SchemaReference}.
	 */
	static MessageHeaders headers(String schema) {
		Object reference = new PayloadSchemaObject(schema, schema, null).payload();
		Method of = Arrays.stream(MessageHeaders.class.getMethods())
			.filter((method) -> method.getName().equals("of") && method.getParameterTypes()[0].isInstance(reference))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("This version of Springwolf takes no "
					+ reference.getClass().getName() + " as headers; docs/asyncapi.md lists the versions to use"));
		return (MessageHeaders) Objects.requireNonNull(ReflectionUtils.invokeMethod(of, null, reference));
	}

}

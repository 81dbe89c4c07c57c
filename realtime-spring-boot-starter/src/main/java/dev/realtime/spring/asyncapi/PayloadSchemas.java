package dev.realtime.spring.asyncapi;

import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Map;

/** Makes JSON Schemas of payload types. */
interface PayloadSchemas {

	/** Where the document has schemas that others refer to. */
	String PATH = "components/schemas";

	/**
	 * Describes types, so that equal input gives equal output. A type that cannot be
	 * described is logged and described without its properties.
	 */
	Schemas of(Collection<Type> types);

	/**
	 * Schemas.
	 *
	 * @param byType the schema of each type, or a reference to one of the others
	 * @param definitions the schemas that are referred to, by name
	 */
	record Schemas(Map<Type, Map<String, Object>> byType, Map<String, Object> definitions) {

	}

}

package dev.realtime.spring.asyncapi;

import java.lang.reflect.Type;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Content;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;
import org.springframework.util.ClassUtils;

/**
 * Names types without looking into them, where no library does that. Public for our own
 * packages; not for applications.
 */
public final class PlainSchemas implements PayloadSchemas {

	/** Trees of any content. */
	private static final List<String> TREES = List.of("com.fasterxml.jackson.", "tools.jackson.", "com.google.gson.");

	PlainSchemas() {
	}

	@Override
	public Schemas of(Collection<Type> types) {
		Map<Type, Map<String, Object>> all = new HashMap<>();
		types.forEach((type) -> {
			Map<String, Object> simple = simple(type);
			all.put(type, (simple != null) ? simple : named(type));
		});
		return new Schemas(all, new LinkedHashMap<>());
	}

	/** The schema of a type that is text, bytes or anything, or null. */
	public static @Nullable Map<String, Object> simple(Type type) {
		Class<?> raw = raw(type);
		Map<String, Object> schema = new LinkedHashMap<>();
		if (CharSequence.class.isAssignableFrom(raw) || raw == byte[].class) {
			schema.put("type", "string");
			if (raw == byte[].class) {
				schema.put("format", "binary");
			}
			return schema;
		}
		boolean anything = raw == Object.class || raw == Content.class
				|| TREES.stream().anyMatch(raw.getName()::startsWith);
		return anything ? schema : null;
	}

	/** A schema with the name of the type. */
	static Map<String, Object> named(Type type) {
		Class<?> raw = ClassUtils.resolvePrimitiveIfNecessary(raw(type));
		Map<String, Object> schema = new LinkedHashMap<>();
		schema.put("title", raw.getSimpleName());
		schema.put("type", jsonType(raw));
		return schema;
	}

	/** Returns the class of a type, without its parameters. */
	public static Class<?> raw(Type type) {
		return ResolvableType.forType(type).toClass();
	}

	private static String jsonType(Class<?> raw) {
		if (Collection.class.isAssignableFrom(raw) || raw.isArray()) {
			return "array";
		}
		if (Number.class.isAssignableFrom(raw)) {
			return "number";
		}
		if (raw.isEnum() || raw == Character.class) {
			return "string";
		}
		return (raw == Boolean.class) ? "boolean" : "object";
	}

}

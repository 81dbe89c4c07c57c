package dev.realtime.spring.asyncapi;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

import com.github.victools.jsonschema.generator.SchemaBuilder;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.json.JsonParser;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.util.ReflectionUtils;

/**
 * Makes schemas with a {@link SchemaGenerator}. Its methods return nodes of Jackson 2 in
 * its versions 4, and of Jackson 3 from version 5 on. So those methods are called by
 * reflection, and the nodes are read as text.
 */
final class GeneratedSchemas implements PayloadSchemas {

	private static final Logger logger = LoggerFactory.getLogger(GeneratedSchemas.class);

	private final Method generate = method(SchemaGenerator.class, "generateSchema", Type.class, Type[].class);

	private final Method refer = method(SchemaBuilder.class, "createSchemaReference", Type.class, Type[].class);

	private final Method collect = method(SchemaBuilder.class, "collectDefinitions", String.class);

	private final Supplier<SchemaGenerator> generator;

	private final JsonParser parser = JsonParserFactory.getJsonParser();

	/** Takes the generator when it is first needed. */
	GeneratedSchemas(Supplier<SchemaGenerator> generator) {
		this.generator = generator;
	}

	@Override
	public synchronized Schemas of(Collection<Type> types) {
		Map<Type, Map<String, Object>> all = new HashMap<>();
		SchemaBuilder builder = this.generator.get().buildMultipleSchemaDefinitions();
		Map<Type, Object> nodes = new HashMap<>();
		types.stream().sorted(Comparator.comparing(Type::getTypeName)).forEach((type) -> {
			Map<String, Object> simple = PlainSchemas.simple(type);
			if (simple == null && canDescribe(type)) {
				nodes.put(type, call(this.refer, builder, type, new Type[0]));
			}
			else {
				all.put(type, (simple != null) ? simple : PlainSchemas.named(type));
			}
		});
		// the references are complete only after this call
		Map<String, Object> definitions = new TreeMap<>(read(call(this.collect, builder, PATH)));
		nodes.forEach((type, node) -> all.put(type, read(node)));
		return new Schemas(all, definitions);
	}

	/** Tries it alone: a failure must not spoil the schemas of other types. */
	private boolean canDescribe(Type type) {
		try {
			Object unused = call(this.generate, this.generator.get(), type, new Type[0]);
			return true;
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			logger.warn("The AsyncAPI document describes {} without its properties, because they cannot be read",
					type.getTypeName(), ex);
			return false;
		}
	}

	private Map<String, Object> read(Object node) {
		return new LinkedHashMap<>(this.parser.parseMap(node.toString()));
	}

	private static Object call(Method method, Object target, @Nullable Object... arguments) {
		return Objects.requireNonNull(ReflectionUtils.invokeMethod(method, target, arguments));
	}

	private static Method method(Class<?> type, String name, Class<?>... parameters) {
		Method method = ReflectionUtils.findMethod(type, name, parameters);
		if (method == null) {
			throw new IllegalStateException("This version of the library jsonschema-generator has no method " + name
					+ " in " + type.getName() + "; use version 4.38.0 with Jackson 2, or 5.0.0 with Jackson 3");
		}
		return method;
	}

}

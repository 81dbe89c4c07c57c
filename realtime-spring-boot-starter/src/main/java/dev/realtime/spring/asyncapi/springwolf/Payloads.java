package dev.realtime.spring.asyncapi.springwolf;

import java.lang.reflect.Type;
import java.util.Map;

import dev.realtime.spring.asyncapi.PlainSchemas;
import io.github.springwolf.asyncapi.v3.model.channel.message.MessagePayload;
import io.github.springwolf.asyncapi.v3.model.components.ComponentSchema;
import io.github.springwolf.asyncapi.v3.model.schema.MultiFormatSchema;
import io.github.springwolf.asyncapi.v3.model.schema.SchemaObject;
import io.github.springwolf.core.asyncapi.components.ComponentsService;
import io.github.springwolf.core.asyncapi.scanners.common.payload.PayloadSchemaObject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Describes payloads with Springwolf's schemas, for which it makes examples. */
final class Payloads {

	private static final Logger logger = LoggerFactory.getLogger(Payloads.class);

	/** Springwolf makes examples for this one, YAML and XML. */
	private static final String CONTENT_TYPE = "application/json";

	private final ComponentsService components;

	Payloads(ComponentsService components) {
		this.components = components;
	}

	/**
	 * Describes the payload of a message, which Springwolf's page expects to be there.
	 * @param type the payload's type, or null if there is no payload
	 */
	MessagePayload of(@Nullable Type type) {
		Object schema = (type != null) ? schema(type) : words("NoPayload", "The payload is not read");
		return MessagePayload.of((schema instanceof MultiFormatSchema known) ? known
				: MultiFormatSchema.builder().schema(schema).build());
	}

	private Object schema(Type type) {
		Map<String, Object> simple = PlainSchemas.simple(type);
		if (simple == null) {
			return resolve(type);
		}
		Object json = simple.get("type");
		if (json == null) {
			return words("AnyPayload", "Anything");
		}
		SchemaObject schema = Versions.schema(json.toString());
		schema.setFormat((String) simple.get("format"));
		return schema;
	}

	/** The model of a payload is made by code of the application, too. */
	private Object resolve(Type type) {
		String name = PlainSchemas.raw(type).getSimpleName();
		try {
			ComponentSchema schema = this.components.resolvePayloadSchema(type, CONTENT_TYPE);
			if (schema != null) {
				return new PayloadSchemaObject(name, name, schema).payload();
			}
			logger.warn("Springwolf's document describes {} without its properties, because Springwolf has no schema"
					+ " for it", type.getTypeName());
		}
		catch (Throwable ex) {
			logger.warn("Springwolf's document describes {} without its properties, because they cannot be read",
					type.getTypeName(), ex);
		}
		return words(name, "Its properties cannot be read");
	}

	private static SchemaObject words(String title, String description) {
		return SchemaObject.builder().title(title).description(description).build();
	}

}

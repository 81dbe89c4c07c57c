package dev.realtime.spring.asyncapi.springwolf;

import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import dev.realtime.spring.asyncapi.Described;
import dev.realtime.spring.asyncapi.FrameHeaders;
import dev.realtime.spring.asyncapi.Names;
import dev.realtime.spring.asyncapi.PlainSchemas;
import io.github.springwolf.asyncapi.v3.model.channel.message.MessageHeaders;
import io.github.springwolf.asyncapi.v3.model.channel.message.MessageObject;
import io.github.springwolf.asyncapi.v3.model.schema.SchemaObject;
import io.github.springwolf.core.asyncapi.components.ComponentsService;
import org.jspecify.annotations.Nullable;

/**
 * The messages of a document. In Springwolf, a message is named by its payload, and all
 * plugins share it, with the headers of whichever came first. Realtime messages have
 * names and headers of their own, so those of other plugins stay as they are. For one
 * document.
 */
final class Messages {

	private final Map<Described.Sent, MessageObject> known = new HashMap<>();

	private final ComponentsService components;

	private final Payloads payloads;

	Messages(ComponentsService components) {
		this.components = components;
		this.payloads = new Payloads(components);
	}

	/** Returns the message, which the document has from then on. */
	MessageObject of(Described.Sent sent) {
		MessageObject message = this.known.get(sent);
		if (message == null) {
			message = create(sent);
			this.components.registerMessage(message);
			this.known.put(sent, message);
		}
		return message;
	}

	private MessageObject create(Described.Sent sent) {
		String name = Names.free(name(sent), this.components.getMessages().keySet());
		return MessageObject.builder()
			.messageId(name)
			.name(name)
			.title((sent.type() != null) ? sent.type() : title(sent.payload()))
			.contentType(sent.contentType())
			.headers(headers(sent, name))
			.payload(this.payloads.of(sent.payload()))
			.bindings(Stomp.message())
			.build();
	}

	private static String name(Described.Sent sent) {
		String kind = (sent.headers() == null) ? "app" : switch (sent.headers()) {
			case NUMBERED -> "topic";
			case ANSWER -> "answer";
			case SENT -> "send";
		};
		String type = (sent.type() != null) ? sent.type() + '.' : "";
		String payload = (sent.payload() != null) ? sent.payload().getTypeName() : "none";
		return Names.word("realtime." + kind + '.' + type + payload);
	}

	private static String title(@Nullable Type payload) {
		return (payload != null) ? PlainSchemas.raw(payload).getSimpleName() : "NoPayload";
	}

	private @Nullable MessageHeaders headers(Described.Sent sent, String message) {
		FrameHeaders headers = sent.headers();
		if (headers != null) {
			Map<String, Object> all = new TreeMap<>();
			headers.headers().forEach((header) -> all.put(header.name(), text(header.description())));
			if (sent.type() != null) {
				SchemaObject type = text("The application's type of the message");
				type.setEnumValues(List.of(sent.type()));
				all.put("type", type);
			}
			String name = (sent.type() != null) ? headers.id() + '.' + Names.word(sent.type()) : headers.id();
			return register(name, headers.description(), all);
		}
		if (sent.own().isEmpty()) {
			return null;
		}
		Map<String, Object> own = new TreeMap<>();
		sent.own().forEach((name, required) -> own.put(name, text(required ? "Required" : "Optional")));
		return register(message + ".headers", "Headers that the application reads", own);
	}

	private MessageHeaders register(String name, String description, Map<String, Object> properties) {
		SchemaObject schema = Versions.schema("object");
		schema.setTitle(name);
		schema.setDescription(description);
		schema.setProperties(properties);
		return Versions.headers(this.components.registerSchema(schema));
	}

	private static SchemaObject text(String description) {
		SchemaObject schema = Versions.schema("string");
		schema.setDescription(description);
		return schema;
	}

}

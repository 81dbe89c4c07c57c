package dev.realtime.spring.asyncapi;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/** The channels of a document, with their messages. For one document. */
final class ChannelMap {

	private static final String SCHEMAS = "#/" + PayloadSchemas.PATH + '/';

	private final PayloadSchemas.Schemas schemas;

	private final KnownPolicies policies;

	private final Map<String, Object> channels = new TreeMap<>();

	/** The names of channels by their addresses. */
	private final Map<String, String> names = new HashMap<>();

	/** The messages of each channel, by its name. */
	private final Map<String, Map<String, Object>> messages = new HashMap<>();

	/** The names of messages by what they are, for each channel. */
	private final Map<String, Map<Described.Sent, String>> messageNames = new HashMap<>();

	private final Set<FrameHeaders> usedHeaders = EnumSet.noneOf(FrameHeaders.class);

	ChannelMap(PayloadSchemas.Schemas schemas, KnownPolicies policies) {
		this.schemas = schemas;
		this.policies = policies;
	}

	Map<String, Object> channels() {
		return this.channels;
	}

	/** The kinds of headers that messages refer to. */
	Set<FrameHeaders> usedHeaders() {
		return this.usedHeaders;
	}

	/** Adds the message of an operation, and its channel if there is none yet. */
	void add(Described operation) {
		Address address = operation.address();
		String name = this.names.get(address.text());
		if (name == null) {
			name = Names.free(address.id(), this.channels.keySet());
			this.names.put(address.text(), name);
			this.channels.put(name, channel(address, this.messages.computeIfAbsent(name, (each) -> new TreeMap<>())));
		}
		Map<Described.Sent, String> known = this.messageNames.computeIfAbsent(name, (each) -> new HashMap<>());
		if (known.containsKey(operation.message())) {
			return;
		}
		Map<String, Object> messages = this.messages.computeIfAbsent(name, (each) -> new TreeMap<>());
		String message = Names.free(messageName(operation), messages.keySet());
		known.put(operation.message(), message);
		messages.put(message, message(message, operation.message()));
	}

	Map<String, Object> reference(Address address) {
		return reference("#/channels/" + this.names.get(address.text()));
	}

	Map<String, Object> messageReference(Described operation) {
		String channel = String.valueOf(this.names.get(operation.address().text()));
		String message = this.messageNames.getOrDefault(channel, Map.of()).get(operation.message());
		return reference("#/channels/" + channel + "/messages/" + message);
	}

	private Map<String, Object> channel(Address address, Map<String, Object> messages) {
		Map<String, Object> channel = new LinkedHashMap<>();
		channel.put("address", address.text());
		if (!address.parameters().isEmpty()) {
			Map<String, Object> parameters = new TreeMap<>();
			address.parameters().forEach((name, description) -> {
				Map<String, Object> parameter = new LinkedHashMap<>();
				if (!description.isEmpty()) {
					parameter.put("description", description);
				}
				parameters.put(name, parameter);
			});
			channel.put("parameters", parameters);
		}
		channel.put("messages", messages);
		Map<String, Object> extension = this.policies.extension(address);
		if (extension != null) {
			channel.put("x-realtime-topic", extension);
		}
		return channel;
	}

	/** The message's type, else that of its payload, else its operation. */
	private static String messageName(Described operation) {
		Described.Sent message = operation.message();
		if (message.type() != null) {
			return Names.word(message.type());
		}
		return Names.word((message.payload() != null)
				? PlainSchemas.raw(message.payload()).getSimpleName().replace("[]", "Array") : operation.operation());
	}

	private Map<String, Object> message(String name, Described.Sent sent) {
		Map<String, Object> message = new LinkedHashMap<>();
		message.put("name", name);
		String contentType = sent.contentType();
		if (contentType != null) {
			message.put("contentType", contentType);
		}
		Map<String, Object> headers = headers(sent);
		if (headers != null) {
			message.put("headers", headers);
		}
		Map<String, Object> payload = (sent.payload() != null) ? this.schemas.byType().get(sent.payload()) : null;
		if (payload != null) {
			message.put("payload", new LinkedHashMap<>(payload));
		}
		return message;
	}

	private @Nullable Map<String, Object> headers(Described.Sent sent) {
		if (sent.headers() == null) {
			return sent.own().isEmpty() ? null : own(sent.own());
		}
		this.usedHeaders.add(sent.headers());
		Map<String, Object> reference = reference(SCHEMAS + sent.headers().id());
		if (sent.type() == null) {
			return reference;
		}
		Map<String, Object> type = new LinkedHashMap<>();
		type.put("const", sent.type());
		Map<String, Object> typed = object(new LinkedHashMap<>(Map.of("type", type)), new ArrayList<>(List.of("type")));
		Map<String, Object> both = new LinkedHashMap<>();
		both.put("type", "object");
		both.put("allOf", new ArrayList<>(List.of(reference, typed)));
		return both;
	}

	private static Map<String, Object> own(Map<String, Boolean> names) {
		Map<String, Object> properties = new TreeMap<>();
		List<Object> required = new ArrayList<>();
		names.forEach((name, isRequired) -> {
			properties.put(name, new LinkedHashMap<>(Map.of("type", "string")));
			if (isRequired) {
				required.add(name);
			}
		});
		return object(properties, required);
	}

	private static Map<String, Object> object(Map<String, Object> properties, List<Object> required) {
		Map<String, Object> schema = new LinkedHashMap<>();
		schema.put("type", "object");
		schema.put("properties", properties);
		if (!required.isEmpty()) {
			schema.put("required", required);
		}
		return schema;
	}

	private static Map<String, Object> reference(String target) {
		Map<String, Object> reference = new LinkedHashMap<>();
		reference.put("$ref", target);
		return reference;
	}

}

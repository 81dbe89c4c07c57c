package dev.realtime.spring.asyncapi;

import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Makes the AsyncAPI document of what the application sends and receives. The same
 * application gives the same document: everything is sorted. For one call at a time.
 */
final class DocumentBuilder {

	private final Supplier<Map<String, Object>> head;

	private final Supplier<List<Described>> operations;

	private final PayloadSchemas schemas;

	private final KnownPolicies policies;

	/**
	 * Makes the builder.
	 * @param head the beginning of the document, about the application as a whole
	 * @param operations what the application sends and receives
	 * @param schemas describes the payloads
	 * @param policies describes the topics
	 */
	DocumentBuilder(Supplier<Map<String, Object>> head, Supplier<List<Described>> operations, PayloadSchemas schemas,
			KnownPolicies policies) {
		this.head = head;
		this.operations = operations;
		this.schemas = schemas;
		this.policies = policies;
	}

	/** Makes a document of maps and lists that can be changed. */
	Map<String, Object> build() {
		List<Described> all = this.operations.get().stream().sorted(Described.ORDER).distinct().toList();
		Set<Type> payloads = new LinkedHashSet<>();
		for (Described each : all) {
			addPayload(each, payloads);
			each.answers().forEach((answer) -> addPayload(answer, payloads));
		}
		PayloadSchemas.Schemas known = this.schemas.of(payloads);
		ChannelMap channels = new ChannelMap(known, this.policies);
		all.forEach(channels::add);
		Map<String, Object> document = this.head.get();
		document.put("channels", channels.channels());
		document.put("operations", operations(all, channels));
		Map<String, Object> definitions = new TreeMap<>(known.definitions());
		for (FrameHeaders headers : channels.usedHeaders()) {
			definitions.put(headers.id(), headers.schema());
		}
		Map<String, Object> components = new LinkedHashMap<>();
		components.put("schemas", definitions);
		document.put("components", components);
		return document;
	}

	private static void addPayload(Described operation, Set<Type> payloads) {
		Type payload = operation.message().payload();
		if (payload != null) {
			payloads.add(payload);
		}
	}

	private static Map<String, Object> operations(List<Described> all, ChannelMap channels) {
		Map<String, Object> operations = new TreeMap<>();
		for (Described each : all) {
			Map<String, Object> operation = new LinkedHashMap<>();
			operation.put("action", each.action().name().toLowerCase(Locale.ROOT));
			operation.put("channel", channels.reference(each.address()));
			operation.put("summary", each.summary());
			operation.put("messages", list(channels.messageReference(each)));
			if (!each.answers().isEmpty()) {
				Described answer = each.answers().get(0);
				Map<String, Object> reply = new LinkedHashMap<>();
				reply.put("channel", channels.reference(answer.address()));
				reply.put("messages", list(channels.messageReference(answer)));
				operation.put("reply", reply);
			}
			operations.put(Names.free(Names.word(each.operation()), operations.keySet()), operation);
		}
		return operations;
	}

	private static List<Object> list(Object only) {
		return new ArrayList<>(List.of(only));
	}

}

package dev.realtime.spring.asyncapi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The headers that frames of one kind have, as {@code docs/protocol.md} explains them.
 * Values of STOMP headers are text. Public for our own packages; not for applications.
 */
public enum FrameHeaders {

	/** A message of a topic. */
	NUMBERED("realtime.messageHeaders", "Headers of a message of a topic"),

	/** An answer to one session alone. */
	ANSWER("realtime.answerHeaders", "Headers of an answer to one session, which is not numbered"),

	/** A client's SEND. */
	SENT("realtime.sendHeaders", "Headers of a SEND");

	private final String id;

	private final String description;

	FrameHeaders(String id, String description) {
		this.id = id;
		this.description = description;
	}

	/** The name of their schema. */
	public String id() {
		return this.id;
	}

	/** What they are, in words. */
	public String description() {
		return this.description;
	}

	/** Their schema. */
	Map<String, Object> schema() {
		Map<String, Object> properties = new LinkedHashMap<>();
		List<Object> required = new ArrayList<>();
		for (Header header : headers()) {
			properties.put(header.name(), header.schema());
			if (header.required()) {
				required.add(header.name());
			}
		}
		Map<String, Object> schema = new LinkedHashMap<>();
		schema.put("type", "object");
		schema.put("description", this.description);
		schema.put("properties", properties);
		if (!required.isEmpty()) {
			schema.put("required", required);
		}
		return schema;
	}

	/** Each of them. */
	public List<Header> headers() {
		return switch (this) {
			case NUMBERED -> List.of(Header.required("subscription", "The id of the SUBSCRIBE"),
					Header.required("destination", "The destination, as subscribed"),
					Header.required("message-id", "Epoch and seq, the same for all subscribers"),
					Header.required("epoch", "The lifetime of the topic's numbering"),
					Header.number("seq", "The message's number within the epoch"),
					Header.number("timestamp", "When it was numbered, in milliseconds since 1970"),
					Header.optional("id", "The publisher's own id, if it gave one"),
					Header.optional("type", "The application's type of the message, if it has one"),
					Header.optional("sender", "The name of the user whose message it is, set by the server"));
			case ANSWER -> List.of(Header.required("subscription", "The id of the SUBSCRIBE"),
					Header.required("destination", "The destination, as subscribed"),
					Header.required("message-id", "Different for each answer"));
			case SENT -> List.of(Header.optional("receipt", "Asks for a RECEIPT"),
					Header.optional("id", "The message's id: the same id is published once"),
					Header.optional("type", "The application's type of the message"),
					Header.optional("exclude-self", "true: this connection does not get the message back live"));
		};
	}

	/**
	 * A header.
	 *
	 * @param name its name
	 * @param description what it says
	 * @param required whether each frame has it
	 * @param number whether it is written in digits
	 */
	public record Header(String name, String description, boolean required, boolean number) {

		static Header required(String name, String description) {
			return new Header(name, description, true, false);
		}

		static Header optional(String name, String description) {
			return new Header(name, description, false, false);
		}

		static Header number(String name, String description) {
			return new Header(name, description, true, true);
		}

		Map<String, Object> schema() {
			Map<String, Object> schema = new LinkedHashMap<>();
			schema.put("type", "string");
			if (this.number) {
				schema.put("pattern", "^[0-9]+$");
			}
			schema.put("description", this.description);
			return schema;
		}

	}

}

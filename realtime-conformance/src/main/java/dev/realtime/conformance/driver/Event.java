package dev.realtime.conformance.driver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * An event that the driver reported.
 *
 * @param at when it was read, as {@link System#nanoTime()}
 * @param json the line
 */
public record Event(long at, JsonNode json) {

	/** Returns the kind of event. */
	public String kind() {
		return text("event");
	}

	/** Returns a member as text; an empty text if there is none. */
	public String text(String member) {
		JsonNode value = this.json.path(member);
		return value.isValueNode() && !value.isNull() ? value.asText() : "";
	}

	/** Returns a member as number; -1 if there is none. */
	public long number(String member) {
		JsonNode value = this.json.path(member);
		return value.isNumber() ? value.asLong() : -1;
	}

	/** Whether this event is of that kind and of that subscription. */
	public boolean is(String kind, String id) {
		return kind().equals(kind) && text("id").equals(id);
	}

	/** Returns the text as JSON. */
	public static String quoted(String text) {
		return TextNode.valueOf(text).toString();
	}

	@Override
	public String toString() {
		String text = this.json.toString();
		return (text.length() > 300) ? text.substring(0, 300) + "…" : text;
	}

}

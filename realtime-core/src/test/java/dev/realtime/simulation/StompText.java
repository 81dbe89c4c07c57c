package dev.realtime.simulation;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.realtime.Topic;

/**
 * A frame as a client reads it. Its bodies and headers are simple, so nothing is escaped.
 */
record StompText(Kind kind, Map<String, String> headers, String body) {

	enum Kind {

		RECEIPT, MESSAGE, GAP, OTHER

	}

	static StompText parse(String text) {
		int end = text.indexOf("\n\n");
		if (end < 0) {
			return new StompText(Kind.OTHER, Map.of(), "");
		}
		Map<String, String> headers = new LinkedHashMap<>();
		int start = text.indexOf('\n') + 1;
		String command = text.substring(0, start - 1);
		while (start < end) {
			int next = text.indexOf('\n', start);
			int colon = text.indexOf(':', start);
			headers.putIfAbsent(text.substring(start, colon), text.substring(colon + 1, next));
			start = next + 1;
		}
		String body = text.substring(end + 2, text.length() - 1);
		return new StompText(kind(command, headers), headers, body);
	}

	private static Kind kind(String command, Map<String, String> headers) {
		if (command.equals("RECEIPT")) {
			return Kind.RECEIPT;
		}
		if (command.equals("MESSAGE") && !headers.containsKey("event")) {
			return Kind.MESSAGE;
		}
		return "gap".equals(headers.get("event")) ? Kind.GAP : Kind.OTHER;
	}

	/** The id of the subscription that it is about. */
	String subscription() {
		String name = switch (this.kind) {
			case RECEIPT -> "receipt-id";
			case MESSAGE -> "subscription";
			case GAP, OTHER -> "subscription-id";
		};
		return this.headers.getOrDefault(name, "");
	}

	String summary(Topic topic) {
		return switch (this.kind) {
			case RECEIPT -> "receipt of " + topic + " at " + position("seq") + ", recovered "
					+ this.headers.get("recovered") + ' ' + this.headers.get("reason");
			case MESSAGE -> topic + " " + position("seq") + ' ' + this.body;
			case GAP -> "gap of " + topic + " from " + this.headers.get("from") + " to " + position("to") + ": "
					+ this.headers.get("reason");
			case OTHER -> "something else";
		};
	}

	private String position(String seq) {
		return this.headers.get("epoch") + '-' + this.headers.get(seq);
	}

}

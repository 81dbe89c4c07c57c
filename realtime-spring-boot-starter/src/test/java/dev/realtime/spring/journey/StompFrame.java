package dev.realtime.spring.journey;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** A frame as a client sees it. */
record StompFrame(String command, Map<String, String> headers, String body) {

	static StompFrame parse(String text) {
		int blank = text.indexOf("\n\n");
		String[] lines = text.substring(0, blank).split("\n", -1);
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 1; i < lines.length; i++) {
			int colon = lines[i].indexOf(':');
			headers.putIfAbsent(unescape(lines[i].substring(0, colon)), unescape(lines[i].substring(colon + 1)));
		}
		return new StompFrame(lines[0], headers, text.substring(blank + 2));
	}

	@Nullable String get(String name) {
		return this.headers.get(name);
	}

	String header(String name) {
		return Objects.requireNonNull(this.headers.get(name), () -> "No header " + name + " in " + this);
	}

	long seq() {
		return Long.parseLong(header("seq"));
	}

	boolean isMessage() {
		return this.command.equals("MESSAGE") && !"realtime".equals(get("subscription"));
	}

	boolean isEvent(String event) {
		return this.command.equals("MESSAGE") && event.equals(get("event"));
	}

	private static String unescape(String text) {
		return text.replace("\\c", ":").replace("\\n", "\n").replace("\\r", "\r").replace("\\\\", "\\");
	}

}

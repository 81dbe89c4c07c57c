package dev.realtime.spring.websocket;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Negotiates compression (RFC 7692). Each message is compressed on its own, in both
 * directions: so one compressed message serves all clients, and no connection keeps 32
 * KiB of what it said before.
 * <ul>
 * <li>A server may ask for both, whether or not the client offered it: sections 7.1.1.1
 * and 7.1.1.2.</li>
 * <li>A sender may begin each message anew even where it need not: a message that refers
 * to nothing before it is decompressed alike with and without a context (section
 * 7.2.1).</li>
 * </ul>
 */
public final class PerMessageDeflate {

	/** The extension's name. */
	public static final String NAME = "permessage-deflate";

	private static final String ANSWER = NAME + "; server_no_context_takeover; client_no_context_takeover";

	private static final String SERVER_WINDOW = "server_max_window_bits";

	/** Java's deflate has no other. */
	private static final String LARGEST_WINDOW = "15";

	private PerMessageDeflate() {
	}

	/**
	 * Answers the first of the client's offers that can be met.
	 * @param offers the client's {@code Sec-WebSocket-Extensions} headers
	 * @return the header of the answer, or null if no offer can be met
	 */
	public static @Nullable String answer(List<String> offers) {
		for (String header : offers) {
			for (String offer : header.split(",", -1)) {
				String answer = answer(offer.split(";", -1));
				if (answer != null) {
					return answer;
				}
			}
		}
		return null;
	}

	private static @Nullable String answer(String[] offer) {
		if (!offer[0].strip().equalsIgnoreCase(NAME)) {
			return null;
		}
		Set<String> names = new HashSet<>();
		for (int i = 1; i < offer.length; i++) {
			int equals = offer[i].indexOf('=');
			String name = ((equals < 0) ? offer[i] : offer[i].substring(0, equals)).strip().toLowerCase(Locale.ROOT);
			String value = (equals < 0) ? null : unquoted(offer[i].substring(equals + 1).strip());
			if (!names.add(name) || !canBeMet(name, value)) {
				return null;
			}
		}
		return names.contains(SERVER_WINDOW) ? ANSWER + "; " + SERVER_WINDOW + '=' + LARGEST_WINDOW : ANSWER;
	}

	/**
	 * An offer with anything unknown, or with a parameter twice, must be declined
	 * (section 7.1).
	 */
	private static boolean canBeMet(String name, @Nullable String value) {
		return switch (name) {
			case "server_no_context_takeover", "client_no_context_takeover" -> value == null;
			case "client_max_window_bits" -> value == null || value.matches("[89]|1[0-5]");
			case SERVER_WINDOW -> LARGEST_WINDOW.equals(value);
			default -> false;
		};
	}

	/** A value may be written as a quoted string (RFC 6455, section 9.1). */
	private static String unquoted(String value) {
		boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
		return quoted ? value.substring(1, value.length() - 1) : value;
	}

}

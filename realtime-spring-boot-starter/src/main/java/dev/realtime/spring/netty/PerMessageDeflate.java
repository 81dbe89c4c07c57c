package dev.realtime.spring.netty;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import org.jspecify.annotations.Nullable;

/**
 * What is agreed on about compression (RFC 7692). Each message is compressed on its own,
 * in both directions: so one compressed message serves all clients, and no connection
 * keeps 32 KiB of what it said before.
 * <ul>
 * <li>A server may ask for both, whether or not the client offered it: sections 7.1.1.1
 * and 7.1.1.2.</li>
 * <li>A sender may begin each message anew even where it need not: a message that refers
 * to nothing before it is decompressed alike with and without a context (section
 * 7.2.1).</li>
 * </ul>
 */
final class PerMessageDeflate {

	static final String NAME = "permessage-deflate";

	private static final String ANSWER = NAME + "; server_no_context_takeover; client_no_context_takeover";

	private static final String SERVER_WINDOW = "server_max_window_bits";

	/** Java's deflate has no other. */
	private static final String LARGEST_WINDOW = "15";

	private static final Pattern ONLY_SEMICOLONS = Pattern.compile("(?<=^|,);++(?=,|$)");

	private PerMessageDeflate() {
	}

	/**
	 * Answers the first of the client's offers that can be met.
	 * @param offers the client's {@code Sec-WebSocket-Extensions} headers
	 * @return null if there is none
	 */
	static @Nullable String answer(List<String> offers) {
		if (offers.isEmpty()) {
			return null;
		}
		// Netty finds no name where there are semicolons only.
		String named = ONLY_SEMICOLONS.matcher(String.join(",", offers)).replaceAll("");
		for (WebSocketExtensionData offer : WebSocketExtensionUtil.extractExtensions(named)) {
			if (offer.name().equalsIgnoreCase(NAME) && canBeMet(offer.parameters())) {
				return offer.parameters().containsKey(SERVER_WINDOW)
						? ANSWER + "; " + SERVER_WINDOW + '=' + LARGEST_WINDOW : ANSWER;
			}
		}
		return null;
	}

	/** An offer with anything unknown must be declined (section 7.1). */
	private static boolean canBeMet(Map<String, String> parameters) {
		return parameters.entrySet().stream().allMatch((parameter) -> switch (parameter.getKey()) {
			case "server_no_context_takeover", "client_no_context_takeover" -> parameter.getValue() == null;
			case "client_max_window_bits" ->
				parameter.getValue() == null || parameter.getValue().matches("[89]|1[0-5]");
			case SERVER_WINDOW -> LARGEST_WINDOW.equals(parameter.getValue());
			default -> false;
		});
	}

}

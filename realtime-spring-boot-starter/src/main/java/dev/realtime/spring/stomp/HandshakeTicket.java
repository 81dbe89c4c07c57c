package dev.realtime.spring.stomp;

import java.net.URI;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.WebSocketSession;

/**
 * The ticket of a handshake: in the query ({@code /realtime?ticket=…}), or among the
 * subprotocols that the client offers ({@code ticket.…}).
 */
final class HandshakeTicket {

	private static final String QUERY = "ticket=";

	private static final String PROTOCOL = "ticket.";

	private HandshakeTicket() {
	}

	/** Returns it, or null. */
	static @Nullable String of(WebSocketSession session) {
		URI uri = session.getUri();
		String query = (uri != null) ? uri.getRawQuery() : null;
		String ticket = (query != null) ? find(query, "&", QUERY) : null;
		if (ticket != null) {
			return ticket;
		}
		String offered = (session instanceof HubSession own) ? own.offeredProtocols()
				: String.join(",", session.getHandshakeHeaders().getValuesAsList(HubSession.SUB_PROTOCOL));
		return offered.contains(PROTOCOL) ? find(offered, ",", PROTOCOL) : null;
	}

	private static @Nullable String find(String list, String separator, String prefix) {
		return Arrays.stream(list.split(separator, -1))
			.map(String::strip)
			.filter((part) -> part.startsWith(prefix))
			.map((part) -> part.substring(prefix.length()))
			.findFirst()
			.orElse(null);
	}

}

package dev.realtime.spring.stomp;

import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.List;

import dev.realtime.testing.fuzz.FuzzContract;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.web.socket.WebSocketSession;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The ticket of a handshake is found as it was written, and nothing else is taken for it.
 */
class HandshakeTicketFuzzTests extends FuzzContract {

	private static final String TICKET = "abcABC012-_";

	@Override
	protected List<byte[]> corpus() {
		return bytes("ticket=x\nv12.stomp", "a=b&ticket=x&ticket=y\n", "\nv12.stomp, ticket.x", "ticket=\nticket.",
				"xticket=1&tickets=2\nxticket.1", "%74icket=x\n \"ticket.x\"", "\nticket.a,ticket.b\nticket.c");
	}

	@Override
	protected List<String> words() {
		return List.of("ticket=", "ticket.", "&", ",", " ", "=", "%", "\"", "v12.stomp", ";");
	}

	@Override
	protected Object check(byte[] input) {
		String[] lines = text(input).split("\n", -1);
		String query = lines[0].replaceAll("[^A-Za-z0-9=&._~%,;-]", "").replaceAll("%(?![0-9A-Fa-f]{2})", "");
		HttpHeaders headers = new HttpHeaders();
		for (int i = 1; i < lines.length; i++) {
			headers.add("Sec-WebSocket-Protocol", lines[i].replaceAll("\\p{Cntrl}", ""));
		}
		@Nullable String found = HandshakeTicket.of(session(query, headers));
		assertThat(HandshakeTicket.of(session("ticket=" + TICKET + '&' + query, headers))).isEqualTo(TICKET);
		if (!query.contains("ticket=")) {
			HttpHeaders more = new HttpHeaders();
			more.add("Sec-WebSocket-Protocol", "v12.stomp, ticket." + TICKET);
			assertThat(HandshakeTicket.of(session(query, more))).isEqualTo(TICKET);
		}
		return String.valueOf(found);
	}

	private static WebSocketSession session(String query, HttpHeaders headers) {
		URI uri = URI.create("/realtime?" + query);
		return (WebSocketSession) Proxy.newProxyInstance(WebSocketSession.class.getClassLoader(),
				new Class<?>[] { WebSocketSession.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "getUri" -> uri;
					case "getHandshakeHeaders" -> headers;
					default -> throw new UnsupportedOperationException(method.getName());
				});
	}

}

package dev.realtime.spring.websocket;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is kept of the headers of a handshake. */
class HeaderLinesTests {

	private final HeaderLines headers = HeaderLines.of(List.of(Map.entry("Host", "a:8080"),
			Map.entry("sec-websocket-protocol", "v12.stomp, ticket.x"), Map.entry("Sec-WebSocket-Protocols", "longer"),
			Map.entry("Empty", ""), Map.entry("Sec-WebSocket-Protocol", "v11.stomp")));

	@Test
	void findsAHeaderWhateverItsCaseOnAllItsLines() {
		assertThat(this.headers.values("Sec-WebSocket-Protocol")).isEqualTo("v12.stomp, ticket.x,v11.stomp");
		assertThat(this.headers.values("HOST")).isEqualTo("a:8080");
	}

	@Test
	void hasNoValuesOfAHeaderThatIsNotThere() {
		assertThat(this.headers.values("Origin")).isEmpty();
		assertThat(this.headers.values("Sec-WebSocket")).isEmpty();
		assertThat(this.headers.values("Empty")).isEmpty();
		assertThat(HeaderLines.of(List.of()).values("Host")).isEmpty();
	}

	@Test
	void givesSpringAllOfThem() {
		assertThat(this.headers.headers().getFirst("Host")).isEqualTo("a:8080");
		assertThat(this.headers.headers().getValuesAsList("Sec-WebSocket-Protocol")).containsExactly("v12.stomp",
				"ticket.x", "v11.stomp");
	}

}

package dev.realtime.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import dev.realtime.connection.CloseReason;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The documents have the hub's numbers. */
class HubDocsTests {

	private static final Path DOCS = Path.of("..", "docs");

	@ParameterizedTest
	@MethodSource("reasons")
	void theProtocolHasTheCloseCode(CloseReason reason) throws IOException {
		assertThat(Files.readString(DOCS.resolve("protocol.md")))
			.contains("| " + reason.code() + " | `" + reason.text() + "` |");
	}

	static Stream<CloseReason> reasons() {
		return Stream.of(CloseReason.RESTART, CloseReason.OVERFLOW, CloseReason.UNAVAILABLE, CloseReason.SILENT,
				CloseReason.STUCK, CloseReason.EXPIRED, CloseReason.REVOKED, CloseReason.NOT_CONNECTED,
				CloseReason.FAILED);
	}

}

package dev.realtime.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The documents have the hub's numbers. */
class HubDocsTests {

	private static final Path DOCS = Path.of("..", "docs");

	@Test
	void thePageOnConcurrencyHasTheBoundsOfAPass() throws IOException {
		assertThat(Files.readString(DOCS.resolve("internals/concurrency.md")))
			.contains(String.format(Locale.ROOT, "up to %,d tasks, %,d offers or %,d writes", DeliveryShard.MAX_TASKS,
					Pace.MAX_OFFERS, DeliveryShard.MAX_WRITES));
	}

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

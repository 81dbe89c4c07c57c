package dev.realtime.delivery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The documents have the numbers of the delivery. */
class DeliveryDocsTests {

	@Test
	void thePageOnConcurrencyHasTheBoundsOfAPass() throws IOException {
		assertThat(Files.readString(Path.of("..", "docs", "internals", "concurrency.md")))
			.contains(String.format(Locale.ROOT, "up to %,d tasks, %,d offers or %,d writes", DeliveryShard.MAX_TASKS,
					WriteSchedule.MAX_OFFERS, Slice.MOST));
	}

}

package dev.realtime.sample.chat;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** The same chat, from the beans that the build has written down. */
class AheadOfTimeIT extends ChatIT {

	@Override
	ChatNode launch(String... arguments) {
		return ChatNode.launchAheadOfTime(0, arguments);
	}

	@Test
	void theBeansAreThoseThatTheBuildHasWrittenDown() {
		assertThat(node().output()).contains("Starting AOT-processed ChatApplication");
	}

}

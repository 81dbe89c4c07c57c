package dev.realtime.sample.chat;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/**
 * The chat's rules, as they are met at a gateway whose messages another process handles.
 */
class GatewayChatIT extends ChatIT {

	private static final String SECRET = "--realtime.gateway.secret=0123456789abcdef0123456789abcdef";

	private @Nullable ChatNode application;

	@Override
	ChatNode launch(String... arguments) {
		this.application = ChatNode.launch(with(arguments, SECRET)).awaitReady();
		return ChatNode.launch(with(arguments, SECRET, "--spring.profiles.active=gateway"));
	}

	@AfterAll
	void stopApplication() {
		if (this.application != null) {
			this.application.close();
		}
	}

	private static String[] with(String[] arguments, String... more) {
		return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
	}

}

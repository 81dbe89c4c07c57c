package dev.realtime.spring;

import java.net.URI;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AsyncApiPropertiesTests {

	@Test
	void takeTheServerThatIsSet() {
		assertThat(properties("wss://chat.example.com:8443/live", 1_024).server())
			.isEqualTo(URI.create("wss://chat.example.com:8443/live"));
		assertThat(properties(null, 1_024).server()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "chat.example.com", "https://chat.example.com", "ws:chat", "ws://", "ws://a b/",
			"ws://user@chat.example.com", "ws://chat.example.com/?token=x", "ws://chat.example.com/#x" })
	void refuseAServerThatClientsCannotConnectTo(String url) {
		assertThatExceptionOfType(InvalidRealtimePropertyException.class).isThrownBy(() -> properties(url, 1_024))
			.withMessageContaining("realtime.asyncapi.server-url")
			.withMessageContaining("wss://chat.example.com/realtime");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws://ann:secret@chat.example.com", "ws://chat.example.com/?token=secret" })
	void doNotRepeatASecret(String url) {
		assertThatExceptionOfType(InvalidRealtimePropertyException.class).isThrownBy(() -> properties(url, 1_024))
			.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("secret"));
	}

	@Test
	void refuseADocumentWithoutRoom() {
		assertThatExceptionOfType(InvalidRealtimePropertyException.class).isThrownBy(() -> properties(null, 1_023))
			.withMessageContaining("realtime.asyncapi.max-size");
	}

	private static AsyncApiProperties properties(@Nullable String url, long maxSize) {
		return new AsyncApiProperties(true, null, "1", null, url, DataSize.ofBytes(maxSize), true);
	}

}

package dev.realtime.spring.netty;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Whose pages may connect. */
class OriginsTests {

	private final Origins sameHost = new Origins(List.of());

	@ParameterizedTest
	@CsvSource({ "http://chat.example, chat.example", "https://chat.example, chat.example:8081",
			"https://chat.example:3000, chat.example:8081", "https://CHAT.example, chat.Example",
			"http://127.0.0.1:3000, 127.0.0.1:8081", "http://[::1]:3000, [::1]:8081" })
	void withoutAListPagesOfTheSameHostMayConnectWhateverTheirPort(String origin, String host) {
		assertThat(this.sameHost.allow(origin, host)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "http://evil.example, chat.example", "http://chat.example.evil.example, chat.example",
			"http://evil.example/chat.example, chat.example", "http://chat.example@evil.example, chat.example",
			"http://example, chat.example", "null, chat.example", "chat.example, chat.example", "'', chat.example",
			"'http://chat.example ', chat.example", "http://chat.example, ''", "http://chat.example, ",
			"file://, chat.example", "http://127.0.0.1, localhost" })
	void withoutAListNoOtherPageMay(String origin, @Nullable String host) {
		assertThat(this.sameHost.allow(origin, host)).isFalse();
	}

	@Test
	void aClientThatNamesNoOriginIsNoBrowser() {
		assertThat(this.sameHost.allow(null, "chat.example")).isTrue();
		assertThat(this.sameHost.allow(null, null)).isTrue();
		assertThat(new Origins(List.of("https://chat.example")).allow(null, "chat.example")).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "https://chat.example, true", "https://www.shop.example, true", "https://shop.example, false",
			"http://chat.example, false", "https://chat.example:8443, false", "http://localhost:3000, true",
			"http://localhost, false", "https://this.host, false" })
	void aListSaysWhoMay(String origin, boolean allowed) {
		Origins listed = new Origins(
				List.of("https://chat.example", "https://*.shop.example", "http://localhost:[3000,3001]"));
		assertThat(listed.allow(origin, "this.host")).isEqualTo(allowed);
	}

	@Test
	void aStarMeansEverybody() {
		assertThat(new Origins(List.of("*")).allow("https://any.example", "this.host")).isTrue();
	}

}

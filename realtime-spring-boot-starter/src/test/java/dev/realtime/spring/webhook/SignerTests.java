package dev.realtime.spring.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Signatures as Standard Webhooks 1.0.0 says, and the header {@code Retry-After}. */
class SignerTests {

	/** The example of the reference libraries of Standard Webhooks. */
	private static final byte[] KEY = Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

	private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8);

	@Test
	void signsAsTheReferenceLibrariesDo() {
		assertThat(new Signer(List.of(KEY)).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330L, BODY))
			.isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	}

	@Test
	void signsWithEachKey() {
		assertThat(new Signer(List.of(new byte[24], KEY)).sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330L, BODY))
			.matches("v1,[A-Za-z0-9+/]{43}= v1,g0hM9SsE\\+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	}

	@ParameterizedTest
	@CsvSource({ "120, 120", "0, 0", "-1, 0", "x, 0", "999999999, 3600", "99999999999999, 0",
			"'Thu, 01 Jan 2026 00:01:00 GMT', 60", "'Wed, 31 Dec 2025 23:00:00 GMT', 0",
			"'Fri, 01 Jan 2027 00:00:00 GMT', 3600" })
	void readsRetryAfter(String header, int seconds) {
		Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
		assertThat(Answer.of(503, header, clock).retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
	}

}

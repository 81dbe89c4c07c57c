package dev.realtime.spring.security;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConnectRequestTests {

	@ParameterizedTest
	@CsvSource({ "Authorization, Bearer abc, abc", "authorization, bearer  abc , abc", "AUTHORIZATION, BEARER abc, abc",
			"Authorization, Bearerabc,", "Authorization, Basic abc,", "Authorization, abc,", "X-Token, Bearer abc,",
			"passcode, Bearer abc,", "login, Bearer abc," })
	void aBearerTokenComesFromTheAuthorizationHeaderAlone(String header, String value, @Nullable String token) {
		assertThat(request(Map.of(header, value)).bearerToken()).isEqualTo(token);
	}

	@Test
	void anEmptyBearerTokenIsABadTokenAndNotNone() {
		assertThat(request(Map.of("Authorization", "Bearer ")).bearerToken()).isEmpty();
	}

	@Test
	void itsTextFormShowsNoCredentials() {
		assertThat(new ConnectRequest("s1", Map.of("Authorization", "Bearer t0ken"), "pa55", null, null, Map.of()))
			.asString()
			.contains("s1", "Authorization")
			.doesNotContain("t0ken", "pa55");
	}

	private static ConnectRequest request(Map<String, String> headers) {
		return new ConnectRequest("s1", headers, null, null, null, Map.of());
	}

}

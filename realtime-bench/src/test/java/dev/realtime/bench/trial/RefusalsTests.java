package dev.realtime.bench.trial;

import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What is said of a connection that could not be made. */
class RefusalsTests {

	@ParameterizedTest
	@CsvSource({ "HTTP/1.1 403 Forbidden, --header", "HTTP/1.1 404, context path",
			"HTTP/1.1 429 Too Many, exempt-addresses", "HTTP/1.1 503 Service Unavailable, starting or leaving",
			"HTTP/1.1 418 Teapot, only 101" })
	void theAnswerToAHandshakeIsExplained(String status, String hint) {
		assertThat(Refusals.handshake(status + "\r\n\r\n")).contains('"' + status + '"').contains(hint);
	}

	@Test
	void aRedirectionIsNamed() {
		assertThat(Refusals.handshake("HTTP/1.1 301 Moved\r\nlocation: https://chat.example.com/realtime\r\n\r\n"))
			.contains("redirects to https://chat.example.com/realtime;");
	}

	@Test
	void theCauseOfAnExceptionIsExplained() {
		assertThat(Refusals.broken(new IllegalStateException(new UnknownHostException("chat"))))
			.contains("check --url");
	}

}

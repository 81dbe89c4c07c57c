package dev.realtime.spring.stomp;

import java.util.List;
import java.util.stream.IntStream;

import dev.realtime.spring.InvalidRealtimePropertyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/** Which headers may be configured for clients; what becomes of them is in ITs. */
class ClientHeadersTests {

	@ParameterizedTest
	@ValueSource(strings = { "sender", "Sender", "SENDER", " sender", "destination", "Seq", "transaction", "passcode",
			"Realtime-Trace", "Authorization", "", "a b", "a:b", "\u017fender", "x\n" })
	void rule10_headersOfTheServerAndWhatIsNoNameAreRefusedAtTheStart(String name) {
		assertThatExceptionOfType(InvalidRealtimePropertyException.class)
			.isThrownBy(() -> new ClientHeaders(List.of("x-color", name), false))
			.withMessageContaining("realtime.publish.client-headers");
	}

	@Test
	void rule8_thereAreNotTooManyAndNoneTwice() {
		assertThatExceptionOfType(InvalidRealtimePropertyException.class)
			.isThrownBy(() -> new ClientHeaders(List.of("x-color", "X-Color"), false))
			.withMessageContaining("twice");
		assertThatExceptionOfType(InvalidRealtimePropertyException.class)
			.isThrownBy(() -> new ClientHeaders(IntStream.range(0, 65).mapToObj((i) -> "x-" + i).toList(), false))
			.withMessageContaining("64");
		assertThatNoException().isThrownBy(() -> new ClientHeaders(List.of(), false));
	}

}

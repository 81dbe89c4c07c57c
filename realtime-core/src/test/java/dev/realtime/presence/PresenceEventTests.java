package dev.realtime.presence;

import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class PresenceEventTests {

	static Stream<Arguments> events() {
		return Stream.of(Arguments.of(new PresenceEvent.Join("ann"), "{\"event\":\"join\",\"user\":\"ann\"}"),
				Arguments.of(new PresenceEvent.Leave("a\"\\<\n\u2028é"),
						"{\"event\":\"leave\",\"user\":\"a\\\"\\\\\\u003c\\u000a\\u2028é\"}"),
				// half of a pair has no UTF-8 form
				Arguments.of(new PresenceEvent.Join("\ud83d"), "{\"event\":\"join\",\"user\":\"\\ud83d\"}"),
				Arguments.of(new PresenceEvent.Count(12), "{\"event\":\"count\",\"count\":12}"),
				Arguments.of(new PresenceEvent.Reset(0), "{\"event\":\"reset\",\"count\":0}"));
	}

	@ParameterizedTest
	@MethodSource("events")
	void isJson(PresenceEvent event, String json) {
		assertThat(event.content().text()).isEqualTo(json);
		assertThat(event.content().type()).isEqualTo(event.type());
	}

}

package dev.realtime.spring.asyncapi;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class AddressTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "/app/rooms/{room}/say | /app/rooms/{room}/say", "/app/{id:[0-9]{2}}.{x} | /app/{id}.{x}",
					"/app/{rück-ruf} | /app/{r_ck-ruf}", "/app/*/a/** | /app/{any1}/a/{any2}", "/app/a? | /app/a{any1}",
					"/app/{open | /app/{ope}" })
	void takesVariablesAndWildcardsForParameters(String pattern, String text) {
		assertThat(Address.ofPattern(pattern).text()).isEqualTo(text);
	}

	@Test
	void describesItsParameters() {
		assertThat(Address.ofPattern("/{a}/{b:[0-9]{2}}/*/**").parameters()).isEqualTo(
				Map.of("a", "", "b", "Matches [0-9]{2}", "any3", "Any text within a segment", "any4", "Any segments"));
	}

	@ParameterizedTest
	@CsvSource({ "/topic/room.{roomId}, topic-room.roomId", "/, root", "/user/queue/größe, user-queue-gr-e" })
	void hasAWordThatReferencesNeedNotEscape(String text, String id) {
		assertThat(new Address(text, Map.of()).id()).isEqualTo(id);
	}

	@Test
	void hasASampleForItsRules() {
		assertThat(new Address("/topic/room.{room}.{user_id}", Map.of()).sample()).isEqualTo("/topic/room.x.x");
	}

}

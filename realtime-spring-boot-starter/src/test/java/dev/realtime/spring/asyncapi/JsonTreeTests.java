package dev.realtime.spring.asyncapi;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JsonTreeTests {

	@Test
	void writesWhatJsonHas() {
		Map<String, Object> object = new LinkedHashMap<>();
		object.put("text", "a \"b\"");
		object.put("numbers", List.of(1, 2L, 1.5, new BigDecimal("0.10")));
		object.put("truths", Arrays.asList(true, null));
		object.put("empty", Map.of());
		assertThat(JsonTree.write(object, 1_000))
			.isEqualTo("{\"text\":\"a \\\"b\\\"\",\"numbers\":[1,2,1.5,0.10],\"truths\":[true,null],\"empty\":{}}");
	}

	@Test
	void namesWhereSomethingElseIs() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> JsonTree.write(Map.of("a", List.of(Map.of("b", Instant.EPOCH))), 1_000))
			.withMessageContaining("java.time.Instant at #/a/0/b");
		assertThatIllegalArgumentException().isThrownBy(() -> JsonTree.write(Map.of("a", Double.NaN), 1_000))
			.withMessageContaining("java.lang.Double at #/a");
	}

	@Test
	void refusesWhatHoldsItself() {
		List<Object> list = new ArrayList<>();
		list.add(list);
		assertThatIllegalArgumentException().isThrownBy(() -> JsonTree.write(Map.of("a", list), 1_000_000))
			.withMessageContaining("nested too deeply");
	}

	@Test
	void refusesMoreThanADocumentMayHave() {
		assertThatIllegalArgumentException().isThrownBy(() -> JsonTree.write(Map.of("a", "x".repeat(100)), 100))
			.withMessageContaining("realtime.asyncapi.max-size");
	}

}

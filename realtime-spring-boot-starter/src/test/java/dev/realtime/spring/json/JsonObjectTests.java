package dev.realtime.spring.json;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JsonObjectTests {

	@Test
	void givesItsMembersAsWhatIsAskedFor() {
		JsonObject object = JsonObject.parse(" {\"topic\" : \"a\\u0062\\n\\\"\\\\\\/\" , \"n\":12,\"none\":null,"
				+ "\"users\":[ \"ada\" , \"\\u00e9\",\"\"],\"other\":{\"a\":[1,{}]},\"empty\":[ ],\"n\":13} ");
		assertThat(object.string("topic")).isEqualTo("ab\n\"\\/");
		assertThat(object.wholeNumber("n")).isEqualTo(13);
		assertThat(object.strings("users", 3)).containsExactly("ada", "é", "");
		assertThat(object.strings("empty", 3)).isEmpty();
		assertThat(object.string("none")).isNull();
		assertThat(object.string("missing")).isNull();
		assertThat(JsonObject.parse("{}").string("a")).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "null", "[]", "1", "{", "}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{,}", "{}{}",
			"{\"a\":1}]", "{a:1}", "{\"a\":[1}", "{\"a\":01}" })
	void refusesWhatIsNoObject(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> JsonObject.parse(text));
	}

	@Test
	void refusesMembersOfAnotherKind() {
		JsonObject object = JsonObject
			.parse("{\"text\":\"x\",\"minus\":-1,\"real\":1.5,\"large\":1234567890123456789,\"mixed\":[\"a\",1],"
					+ "\"nested\":[[]],\"list\":[\"a\",\"b\"]}");
		assertThatIllegalArgumentException().isThrownBy(() -> object.string("minus"));
		for (String name : new String[] { "text", "minus", "real", "large", "list" }) {
			assertThatIllegalArgumentException().as(name).isThrownBy(() -> object.wholeNumber(name));
		}
		for (String name : new String[] { "text", "minus", "mixed", "nested" }) {
			assertThatIllegalArgumentException().as(name).isThrownBy(() -> object.strings(name, 10));
		}
		assertThatIllegalArgumentException().isThrownBy(() -> object.strings("list", 1));
	}

	@Test
	void rule8_hasBoundsOnMembersAndDepthAndDoesNotRecurse() {
		StringBuilder many = new StringBuilder("{\"m0\":0");
		for (int i = 1; i < 33; i++) {
			many.append(",\"m").append(i).append("\":0");
		}
		assertThatIllegalArgumentException().isThrownBy(() -> JsonObject.parse(many.append('}').toString()));
		String deep = "[".repeat(1_000_000);
		assertThatIllegalArgumentException().isThrownBy(() -> JsonObject.parse("{\"a\":" + deep));
		assertThat(JsonObject.parse("{\"a\":" + "[".repeat(500) + "]".repeat(500) + '}').string("b")).isNull();
	}

}

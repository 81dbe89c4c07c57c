package dev.realtime.spring.security;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.realtime.Topic;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What the claims of a token say about topics. */
class TokenGrantsTests {

	private static final int MOST = 5;

	@Test
	void aListGrantsReadingAlone() {
		TokenGrants grants = read(Map.of("topics", List.of("order.42.*", "news")));
		assertThat(rights(grants, "order.42.items")).containsExactly(TopicRight.READ);
		assertThat(rights(grants, "news")).containsExactly(TopicRight.READ);
		assertThat(rights(grants, "order.43.items")).isEmpty();
		assertThat(rights(grants, "order.42")).isEmpty();
	}

	@Test
	void anObjectNamesTheRights() {
		TokenGrants grants = read(
				Map.of("topics", Map.of("read", List.of("a.*"), "publish", List.of("a.b"), "members", List.of("c"))));
		assertThat(rights(grants, "a.b")).containsExactly(TopicRight.READ, TopicRight.PUBLISH);
		assertThat(rights(grants, "c")).containsExactly(TopicRight.MEMBERS);
	}

	@Test
	void authorizationDetailsOfThisTypeGrantTheirActions() {
		TokenGrants grants = read(Map.of("authorization_details",
				List.of(Map.of("type", "payment", "actions", "any", "topics", 7),
						Map.of("type", "realtime", "actions", List.of("read", "members"), "topics", List.of("a.*")),
						Map.of("type", "realtime", "actions", List.of("publish"), "topics", List.of("b"))),
				"topics", List.of("c")));
		assertThat(rights(grants, "a.x")).containsExactly(TopicRight.READ, TopicRight.MEMBERS);
		assertThat(rights(grants, "b")).containsExactly(TopicRight.PUBLISH);
		assertThat(rights(grants, "c")).containsExactly(TopicRight.READ);
	}

	@Test
	void aTokenThatSaysNothingAboutTopicsHasNoGrants() {
		assertThat(TokenGrants.of(Map.of("scope", "chat"), MOST)).isNull();
		assertThat(TokenGrants.of(Map.of("authorization_details", List.of(Map.of("type", "payment"))), MOST)).isNull();
		assertThat(TokenGrants.of(Map.of("authorization_details", List.of()), MOST)).isNull();
	}

	@Test
	void rule10_anEmptyListGrantsNothing() {
		assertThat(rights(read(Map.of("topics", List.of())), "news")).isEmpty();
		assertThat(rights(read(Map.of("topics", Map.of())), "news")).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("malformed")
	void rule10_whatIsMalformedIsRefusedAsAWhole(Map<String, Object> claims, String why) {
		assertThatExceptionOfType(InvalidGrantsException.class).isThrownBy(() -> TokenGrants.of(claims, MOST))
			.withMessageContaining("The token's claims about topics are not understood")
			.withMessageContaining(why);
	}

	static Stream<Arguments> malformed() {
		List<String> many = IntStream.rangeClosed(0, MOST).mapToObj((i) -> "t." + i).toList();
		return Stream.of(Arguments.of(Map.of("topics", "news"), "topics must be a list"),
				Arguments.of(Map.of("topics", 7), "topics must be a list"),
				Arguments.of(Map.of("topics", List.of("a*")), "malformed"),
				Arguments.of(Map.of("topics", List.of("")), "malformed"),
				Arguments.of(Map.of("topics", List.of("a".repeat(300))), "malformed"),
				Arguments.of(Map.of("topics", List.of(7)), "must be a text"),
				Arguments.of(Map.of("topics", many), "5 patterns"),
				Arguments.of(Map.of("topics", Map.of("read", many.subList(0, 3), "publish", many.subList(0, 3))),
						"5 patterns"),
				Arguments.of(Map.of("topics", Map.of("write", List.of("a"))), "a right must be"),
				Arguments.of(Map.of("topics", Map.of("read", "a")), "topics must be a list"),
				Arguments.of(Map.of("authorization_details", Map.of("type", "realtime")), "must be a list"),
				Arguments.of(Map.of("authorization_details", List.of("realtime")), "must be an object"),
				Arguments.of(Map.of("authorization_details", List.of(Map.of("type", "realtime"))), "must be a list"),
				Arguments.of(Map.of("authorization_details",
						List.of(Map.of("type", "realtime", "actions", List.of("read")))), "must be a list"),
				Arguments.of(
						Map.of("authorization_details", List
							.of(Map.of("type", "realtime", "actions", List.of("subscribe"), "topics", List.of("a")))),
						"a right must be"));
	}

	private static TokenGrants read(Map<String, Object> claims) {
		return Objects.requireNonNull(TokenGrants.of(claims, MOST));
	}

	private static List<TopicRight> rights(@Nullable TokenGrants grants, String topic) {
		return Stream.of(TopicRight.values())
			.filter((right) -> Objects.requireNonNull(grants).grants(right, Topic.of(topic)))
			.toList();
	}

}

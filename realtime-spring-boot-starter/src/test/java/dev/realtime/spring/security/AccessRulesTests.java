package dev.realtime.spring.security;

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.spring.ConfiguredTopicPolicies;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.spring.RealtimeProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.security.access.hierarchicalroles.RoleHierarchyImpl;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AccessRulesTests {

	private static final SecurityUsers USERS = new SecurityUsers(
			List.of(RoleHierarchyImpl.fromHierarchy("ROLE_ADMIN > ROLE_STAFF")));

	@ParameterizedTest
	@CsvSource({ "anyone, , true", "authenticated, , false", "authenticated, USER, true", "nobody, ADMIN, false",
			"role:STAFF, STAFF, true", "role:STAFF, ADMIN, true", "role:STAFF, USER, false", "role:STAFF, , false",
			"role:ROLE_STAFF, STAFF, false", "authority:ROLE_STAFF, STAFF, true", "authority:STAFF, STAFF, false",
			"'role:STAFF,owner:{user}', USER, true", "'role:STAFF, authenticated', USER, true",
			"'nobody,anyone', , true" })
	void rule10_anEntryGrantsToThoseWhomItNamesAndToNobodyElse(String read, @Nullable String role, boolean granted) {
		AccessRules rules = rules(
				Map.of("realtime.topics.r.pattern", "order.{user}.*", "realtime.topics.r.read", read));
		Principal user = (role != null) ? new TestingAuthenticationToken("ann", "", "ROLE_" + role) : null;
		assertThat(rules.permit(TopicRight.READ, user, Topic.of("order.ann.1"))).isEqualTo(granted);
	}

	@Test
	void rule10_anonymousAndUnauthenticatedUsersAreNotKnown() {
		AccessRules rules = rules(
				Map.of("realtime.topic-defaults.read", "authenticated", "realtime.topic-defaults.members", "role:X"));
		Topic topic = Topic.of("x");
		TestingAuthenticationToken ended = new TestingAuthenticationToken("ann", "", "ROLE_X");
		ended.setAuthenticated(false);
		assertThat(rules.permit(TopicRight.READ, ended, topic)).isFalse();
		assertThat(rules.permit(TopicRight.MEMBERS, ended, topic)).isFalse();
		assertThat(rules.permit(TopicRight.READ,
				new AnonymousAuthenticationToken("k", "anonymous", AuthorityUtils.createAuthorityList("ROLE_X")),
				topic))
			.isFalse();
		assertThat(rules.permit(TopicRight.READ, () -> "ann", topic)).isTrue();
	}

	@Test
	void theFirstRuleThatMatchesDecidesAndTakesTheRestFromTheDefaults() {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("realtime.topics.first.pattern", "room.42");
		properties.put("realtime.topics.first.members", "nobody");
		properties.put("realtime.topics.second.pattern", "room.*");
		properties.put("realtime.topics.second.read", "nobody");
		properties.put("realtime.topic-defaults.read", "anyone");
		AccessRules rules = rules(properties);
		assertThat(rules.permit(TopicRight.READ, null, Topic.of("room.42"))).isTrue();
		assertThat(rules.permit(TopicRight.MEMBERS, null, Topic.of("room.42"))).isFalse();
		assertThat(rules.permit(TopicRight.READ, null, Topic.of("room.43"))).isFalse();
		assertThat(rules.permit(TopicRight.READ, null, Topic.of("elsewhere"))).isTrue();
	}

	@Test
	void whatNoRuleNamesIsLeftToOthers() {
		AccessRules rules = rules(Map.of("realtime.topics.r.pattern", "room.*", "realtime.topics.r.presence", "true"));
		assertThat(rules.areDeclared()).isFalse();
		assertThat(rules.permit(TopicRight.READ, null, Topic.of("room.42"))).isNull();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "room.*|everyone|must be anyone, authenticated", "room.*|role:|must be anyone, authenticated",
					"room.*|owner:{user}|must name a segment of the rule's pattern",
					"room.{user}|owner:user|must name a segment of the rule's pattern", "room.*|''|must be anyone",
					"_user.*.queue.x|anyone|must not be one of users' own topics" })
	void whatARuleCannotMeanStopsTheStartWithASentence(String pattern, String read, String why) {
		assertThatThrownBy(() -> rules(Map.of("realtime.topics.r.pattern", pattern, "realtime.topics.r.read", read)))
			.hasRootCauseInstanceOf(InvalidRealtimePropertyException.class)
			.rootCause()
			.hasMessageContaining("realtime.topics.r")
			.hasMessageContaining(why);
	}

	@Test
	void aRoleWithoutSpringSecurityStopsTheStart() {
		RealtimeProperties properties = properties(
				Map.of("realtime.topics.r.pattern", "room.*", "realtime.topics.r.members", "role:ADMIN"));
		assertThatThrownBy(() -> new AccessRules(properties, new Users()))
			.isInstanceOf(InvalidRealtimePropertyException.class)
			.hasMessageContaining("realtime.topics.r")
			.hasMessageContaining("only with Spring Security");
	}

	@Test
	void aRuleThatGrantsPublishingIsOneThatLetsClientsPublish() {
		RealtimeProperties properties = properties(
				Map.of("realtime.topics.r.pattern", "room.*", "realtime.topics.r.publish", "authenticated",
						"realtime.topics.s.pattern", "silent", "realtime.topics.s.publish", "nobody"));
		ConfiguredTopicPolicies policies = new ConfiguredTopicPolicies(properties);
		assertThat(policies.of(Topic.of("room.42")).clientPublish()).isTrue();
		assertThat(policies.of(Topic.of("silent")).clientPublish()).isFalse();
		assertThatThrownBy(() -> rules(Map.of("realtime.topics.r.pattern", "room.*", "realtime.topics.r.publish",
				"anyone", "realtime.topics.r.client-publish", "false")))
			.rootCause()
			.hasMessageContaining("realtime.topics.r.client-publish")
			.hasMessageContaining("contradicts");
	}

	private static AccessRules rules(Map<String, String> properties) {
		return new AccessRules(properties(properties), USERS);
	}

	private static RealtimeProperties properties(Map<String, String> properties) {
		return new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("realtime",
				RealtimeProperties.class);
	}

}

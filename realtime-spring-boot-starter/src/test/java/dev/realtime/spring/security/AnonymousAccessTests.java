package dev.realtime.spring.security;

import java.util.Map;

import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class AnonymousAccessTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TopicAccessAutoConfiguration.class))
		.withBean(TopicPolicies.class, () -> (topic) -> TopicPolicy.DEFAULT);

	@ParameterizedTest
	@CsvSource({ "false, , , true", "true, , , false", "true, false, , true", "false, true, , false",
			"true, , true, true", "false, , true, true", "true, false, true, true" })
	void rule10_clientsNeedAUserAsSoonAsSomethingCanSayWhoTheyAre(boolean knows, @Nullable String required,
			@Nullable String anonymous, boolean open) {
		ApplicationContextRunner each = this.runner;
		if (knows) {
			each = each.withBean(ConnectAuthenticator.class, () -> (request) -> null);
		}
		if (required != null) {
			each = each.withPropertyValues("realtime.security.require-user=" + required);
		}
		if (anonymous != null) {
			each = each.withPropertyValues("realtime.security.anonymous=" + anonymous);
		}
		each.run((context) -> assertThat(context.getBean(AnonymousAccess.class).isOpen()).isEqualTo(open));
	}

	@Test
	void rule10_springSecuritysFiltersCanSayIt() {
		this.runner.withBean("springSecurityFilterChain", Map.class, Map::of)
			.run((context) -> assertThat(context.getBean(AnonymousAccess.class).isOpen()).isFalse());
	}

	@Test
	void rule10_bothAtOnceStopTheStart() {
		this.runner.withPropertyValues("realtime.security.require-user=true", "realtime.security.anonymous=true")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("realtime.security.require-user")
				.hasMessageContaining("contradicts realtime.security.anonymous=true"));
	}

}

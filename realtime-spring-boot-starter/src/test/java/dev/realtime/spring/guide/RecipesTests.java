package dev.realtime.spring.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.spring.security.AnonymousAccess;
import dev.realtime.spring.security.TopicAccessAutoConfiguration;
import dev.realtime.spring.security.TopicAuthorization;
import dev.realtime.spring.security.TopicRight;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.security.authentication.TestingAuthenticationToken;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The recipes of {@code docs/security.md}, whose YAML is read from there. They are asked
 * through the one decision that all entry points share.
 */
class RecipesTests {

	@ParameterizedTest
	@CsvSource({ "READ, feed.sports, , true", "READ, feed.sports.1, , true", "READ, feed.sports, ann, true",
			"PUBLISH, feed.sports, , false", "PUBLISH, feed.sports, ann, false", "MEMBERS, feed.sports, , false",
			"READ, orders, , false", "READ, orders, ann, false", "READ, Feed.sports, , false" })
	void thePublicFeedIsReadByEverybodyAndWrittenByTheServiceAlone(TopicRight right, String topic,
			@Nullable String user, boolean granted) {
		runner("public-feed").run((context) -> assertThat(context.getBean(TopicAuthorization.class)
			.decide(right, (user != null) ? user(user) : null, Topic.of(topic))
			.granted()).isEqualTo(granted));
	}

	@Test
	void thePublicFeedIsOpenToVisitors() {
		runner("public-feed").run((context) -> assertThat(context.getBean(AnonymousAccess.class).isOpen()).isTrue());
	}

	@ParameterizedTest
	@CsvSource({ "READ, tenant/acme/orders, true", "READ, tenant/acme/orders/1, true",
			"READ, tenant/other/orders, false", "READ, tenant/acme, false", "READ, tenant/ACME/orders, false",
			"READ, tenant.acme.orders, false", "MEMBERS, tenant/acme/orders, true",
			"MEMBERS, tenant/other/orders, false", "READ, inbox/ann, true", "READ, inbox/bob, false",
			"READ, announcements, true", "READ, something, false" })
	void tenantsSeeTheirOwnTopicsAlone(TopicRight right, String topic, boolean granted) {
		runner("tenants").withBean(Tenants.class).run((context) -> {
			TopicAuthorization topics = context.getBean(TopicAuthorization.class);
			assertThat(topics.decide(right, user("ann", "TENANT_acme"), Topic.of(topic)).granted()).isEqualTo(granted);
			assertThat(topics.decide(right, null, Topic.of(topic)).granted()).isFalse();
		});
	}

	private static Principal user(String name, String... authorities) {
		return new TestingAuthenticationToken(name, null, authorities);
	}

	private static ApplicationContextRunner runner(String recipe) {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(TopicAccessAutoConfiguration.class))
			.withBean(TopicPolicies.class, () -> (topic) -> TopicPolicy.DEFAULT)
			.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(load(recipe)));
	}

	private static PropertySource<?> load(String recipe) {
		try {
			String page = Files.readString(Path.of("..", "docs", "security.md"));
			Matcher found = Pattern.compile("<!-- recipe: " + recipe + " -->\n```yaml\n(.*?)```", Pattern.DOTALL)
				.matcher(page);
			assertThat(found.find()).as(recipe).isTrue();
			return new YamlPropertySourceLoader()
				.load(recipe, new ByteArrayResource(found.group(1).getBytes(StandardCharsets.UTF_8)))
				.get(0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}

package dev.realtime.spring;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class WebhookPropertiesTests {

	private static final String SECRET = "bmV3LXNlY3JldC0wMTIzNDU2Nzg5LTAxMjM0NTY3ODk=";

	private static final String PREFIX = "realtime.webhooks.test.";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(PropertiesOnly.class);

	@Test
	void haveDefaults() {
		this.runner.withPropertyValues(PREFIX + "url=https://example.com/hooks?a=b", PREFIX + "secret=" + SECRET)
			.run((context) -> {
				WebhookProperties webhook = context.getBean(WebhooksProperties.class).all().get("test");
				assertThat(webhook).isNotNull();
				assertThat(webhook.events()).containsExactlyInAnyOrder(WebhookEvent.TOPIC_OCCUPIED,
						WebhookEvent.TOPIC_VACATED);
				assertThat(webhook.queue()).isEqualTo(10_000);
				assertThat(webhook.requests()).isEqualTo(4);
				assertThat(webhook.timeout()).hasSeconds(15);
				assertThat(webhook.retryFor()).hasMinutes(10);
				assertThat(webhook.shutdownTimeout()).hasSeconds(5);
				assertThat(webhook.patterns("")).isEmpty();
				assertThat(webhook.toString()).doesNotContain("bmV3", "example.com");
			});
	}

	@Test
	void thereAreNone() {
		this.runner.run((context) -> assertThat(context.getBean(WebhooksProperties.class).all()).isEmpty());
	}

	@ParameterizedTest
	@CsvSource({ "url, ftp://example.com", "url, /hooks", "url, http:hooks", "url, https://",
			"url, http://exa mple.com", "url, https://example.com#x", "topics, room.x*", "queue, 0", "queue, 100001",
			"requests, 0", "requests, 65", "timeout, 0s", "retry-for, 25h", "shutdown-timeout, -1s", "events, ''" })
	void refuseAnIllegalValue(String property, String value) {
		FailureAnalysis analysis = failure(property, value);
		assertThat(analysis.getDescription()).startsWith("Property " + PREFIX + property + " = \"");
		assertThat(analysis.getAction()).startsWith("Change " + PREFIX + property + ": it must");
	}

	@ParameterizedTest
	@CsvSource({ "secret, not-base-64-but-secret", "secret, c2VjcmV0LXNlY3JldC1zZWNyZXQ=", "secret, whsec_",
			"url, https://ann:secret@example.com", "url, https://ann:sec ret@example.com" })
	void refuseAnIllegalSecretWithoutSayingIt(String property, String value) {
		FailureAnalysis analysis = failure(property, value);
		assertThat(analysis.getDescription()).startsWith("Property " + PREFIX + property + " = \"******\": must");
		assertThat(analysis.getDescription()).doesNotContain("sec ret", "secret@", "not-base", "c2Vj");
	}

	@Test
	void refuseThreeSecrets() {
		assertThat(failure("secret", SECRET + ',' + SECRET + ',' + SECRET).getAction())
			.contains("must be one secret, or a new and an old one");
	}

	@Test
	void refuseAWebhookWithoutUrlOrSecret() {
		this.runner.withPropertyValues(PREFIX + "secret=" + SECRET)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessage("Property realtime.webhooks.test.url is missing: a webhook needs a URL"));
		this.runner.withPropertyValues(PREFIX + "url=https://example.com")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageStartingWith("Property realtime.webhooks.test.secret is missing: "));
	}

	private FailureAnalysis failure(String property, String value) {
		FailureAnalysis[] found = new FailureAnalysis[1];
		this.runner
			.withPropertyValues(PREFIX + "url=https://example.com", PREFIX + "secret=" + SECRET,
					PREFIX + property + '=' + value)
			.run((context) -> {
				assertThat(context).hasFailed();
				found[0] = new RealtimeFailureAnalyzer().analyze(context.getStartupFailure());
			});
		assertThat(found[0]).isNotNull();
		return found[0];
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(WebhooksProperties.class)
	static class PropertiesOnly {

	}

}

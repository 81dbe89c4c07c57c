package dev.realtime.spring.security;

import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/** What is open because nobody has decided otherwise is said at the start. */
@ExtendWith(OutputCaptureExtension.class)
class OpenEntryPointsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TopicAccessAutoConfiguration.class))
		.withBean(TopicPolicies.class, () -> (topic) -> TopicPolicy.DEFAULT);

	@Test
	void anApplicationWithNothingIsOpenAndOneSentenceSaysSo(CapturedOutput output) {
		this.runner.run(
				(context) -> assertThat(output.getAll().lines().filter((line) -> line.contains("WARN"))).singleElement()
					.asString()
					.contains("Topics are open: every client, logged in or not, may subscribe",
							"realtime.topics.<name>.read", "realtime.unknown-topics=allow"));
	}

	@Test
	void openTopicsForKnownUsersAloneAreSaidToBeThat(CapturedOutput output) {
		this.runner.withBean(ConnectAuthenticator.class, () -> (request) -> null)
			.run((context) -> assertThat(output).contains("Topics are open: every client that is logged in may"));
	}

	@Test
	void anonymousClientsOfClosedTopicsAreSaid(CapturedOutput output) {
		this.runner.withPropertyValues("realtime.topic-defaults.read=authenticated")
			.run((context) -> assertThat(output).contains("Clients may connect without authentication")
				.doesNotContain("Topics are open"));
	}

	@Test
	void whatIsDecidedIsNotSaid(CapturedOutput output) {
		this.runner.withPropertyValues("realtime.unknown-topics=allow", "realtime.security.anonymous=true")
			.run((context) -> assertThat(output).doesNotContain("WARN"));
		this.runner.withPropertyValues("realtime.topic-defaults.read=anyone", "realtime.security.anonymous=true")
			.run((context) -> assertThat(output).doesNotContain("WARN"));
	}

	@Test
	void sessionCookiesThatAllPagesMayUseAreSaid(CapturedOutput output) {
		this.runner.withPropertyValues("realtime.allowed-origins=*", "server.servlet.session.cookie.same-site=strict")
			.run((context) -> assertThat(output).doesNotContain("session cookies"));
		this.runner.withPropertyValues("realtime.allowed-origins=*")
			.run((context) -> assertThat(output).contains("realtime.allowed-origins=*", "session cookies"));
	}

	@ParameterizedTest
	@CsvSource({ "https://*, none", "*://*, None", "*, OMITTED" })
	void sessionCookiesWithoutProtectionAreSaidHoweverThatIsWritten(String origins, String sameSite,
			CapturedOutput output) {
		this.runner
			.withPropertyValues("realtime.allowed-origins=" + origins,
					"server.servlet.session.cookie.same-site=" + sameSite)
			.run((context) -> assertThat(output).contains("realtime.allowed-origins=" + origins, "session cookies"));
	}

	@ParameterizedTest
	@CsvSource({ "10.1.55.0, true", "10.1.59, true", "10.1.60.0, false", "10.1.61.0, false", "11.0.25.0, true",
			"11.0.26.0, false", "11.1.0.0, false", "9.0.99.0, true", "10.0.27.0, true", "12.0.0-M1, false",
			"unknown, false" })
	void knowsTheVersionsOfTomcatThatHaveKnownFaults(String version, boolean outdated) {
		assertThat(TomcatVersion.isOutdated(version)).isEqualTo(outdated);
		assertThat(TomcatVersion.isOutdated(TomcatVersion.current())).as("the one that is tested").isFalse();
	}

}

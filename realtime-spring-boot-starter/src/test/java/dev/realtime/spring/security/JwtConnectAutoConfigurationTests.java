package dev.realtime.spring.security;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;

import static org.assertj.core.api.Assertions.assertThat;

class JwtConnectAutoConfigurationTests {

	private static final Instant END = Instant.parse("2100-01-01T00:00:00Z");

	private static final ConnectRequest REQUEST = new ConnectRequest("s1", Map.of("Authorization", "Bearer t"), null,
			null, null, Map.of());

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JwtConnectAutoConfiguration.class));

	@Test
	void needsADecoder() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(ConnectAuthenticator.class));
	}

	@Test
	void rule10_aDecoderThatNothingUsesStopsTheStart() {
		ApplicationContextRunner withoutResourceServer = this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.security.oauth2.server"));
		withoutResourceServer.run((context) -> assertThat(context).hasNotFailed());
		withoutResourceServer.withUserConfiguration(Decoder.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(UncheckedTokensException.class)
				.hasMessageContaining("Add spring-boot-starter-oauth2-resource-server"));
	}

	@Test
	void rule10_aDecoderThatIsDefinedTooLateStopsTheStart() {
		this.runner.withConfiguration(AutoConfigurations.of(LateDecoder.class))
			.run((context) -> assertThat(context).getFailure().isInstanceOf(UncheckedTokensException.class));
	}

	@Test
	void rule10_severalDecodersStopTheStartUnlessOneIsPrimary() {
		this.runner.withUserConfiguration(Decoder.class)
			.withBean("partners", JwtDecoder.class, () -> new Decoder().jwtDecoder())
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(UncheckedTokensException.class)
				.hasMessageContaining("mark one of them @Primary"));
		this.runner.withUserConfiguration(Decoder.class)
			.withBean("partners", JwtDecoder.class, () -> new Decoder().jwtDecoder(),
					(definition) -> definition.setPrimary(true))
			.run((context) -> assertThat(context).hasSingleBean(JwtConnectAuthenticator.class));
	}

	@Test
	void severalDecodersAreLeftToTheAuthenticatorOfTheApplication() {
		this.runner.withUserConfiguration(Decoder.class)
			.withBean("partners", JwtDecoder.class, () -> new Decoder().jwtDecoder())
			.withBean("mine", ConnectAuthenticator.class, () -> (request) -> null)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(ConnectAuthenticator.class));
	}

	@Test
	void backsOffForTheApplicationsOwn() {
		this.runner.withUserConfiguration(Decoder.class)
			.withBean("mine", ConnectAuthenticator.class, () -> (request) -> null)
			.run((context) -> assertThat(context).getBeans(ConnectAuthenticator.class).containsOnlyKeys("mine"));
	}

	@Test
	void makesTheUserAsAResourceServerDoes() {
		this.runner.withUserConfiguration(Decoder.class).run((context) -> {
			ConnectAuthenticator jwt = context.getBean(ConnectAuthenticator.class);
			JwtAuthenticationToken user = (JwtAuthenticationToken) Objects.requireNonNull(jwt.authenticate(REQUEST));
			assertThat(user.getName()).isEqualTo("ann");
			assertThat(user.getAuthorities()).extracting(GrantedAuthority::getAuthority).contains("SCOPE_chat");
			assertThat(jwt.expiresAt(user)).isEqualTo(END);
			assertThat(jwt.expiresAt(() -> "somebody")).isNull();
		});
	}

	@Test
	void usesTheApplicationsConverterAndStillKnowsWhenTheTokenEnds() {
		this.runner.withUserConfiguration(Decoder.class, OwnConverter.class).run((context) -> {
			ConnectAuthenticator jwt = context.getBean(ConnectAuthenticator.class);
			TestingAuthenticationToken user = (TestingAuthenticationToken) Objects
				.requireNonNull(jwt.authenticate(REQUEST));
			assertThat(user.getName()).isEqualTo("own ann");
			assertThat(jwt.expiresAt(user)).isEqualTo(END);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Decoder {

		@Bean
		JwtDecoder jwtDecoder() {
			return (token) -> Jwt.withTokenValue(token)
				.header("alg", "none")
				.subject("ann")
				.claim("scope", "chat")
				.expiresAt(END)
				.build();
		}

	}

	@AutoConfiguration(after = JwtConnectAutoConfiguration.class)
	static class LateDecoder extends Decoder {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConverter {

		@Bean
		Converter<Jwt, AbstractAuthenticationToken> converter() {
			return (token) -> new TestingAuthenticationToken("own " + token.getSubject(), "", List.of());
		}

	}

}

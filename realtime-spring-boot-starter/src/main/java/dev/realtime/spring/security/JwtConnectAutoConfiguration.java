package dev.realtime.spring.security;

import dev.realtime.spring.ConditionalOnConnections;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationConverter;

/** Auto-configuration of {@link JwtConnectAuthenticator}. */
@AutoConfiguration(afterName = {
		"org.springframework.boot.autoconfigure.security.oauth2.resource.servlet.OAuth2ResourceServerAutoConfiguration",
		"org.springframework.boot.security.oauth2.server.resource.autoconfigure.servlet.OAuth2ResourceServerAutoConfiguration",
		"org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration" })
@ConditionalOnProperty(name = "realtime.enabled", matchIfMissing = true)
@ConditionalOnClass(JwtDecoder.class)
@ConditionalOnConnections
public class JwtConnectAutoConfiguration {

	/** With what makes a user of a token. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JwtAuthenticationConverter.class)
	@ConditionalOnSingleCandidate(JwtDecoder.class)
	static class ResourceServer {

		@Bean
		@ConditionalOnMissingBean(ConnectAuthenticator.class)
		JwtConnectAuthenticator jwtConnectAuthenticator(JwtDecoder decoder,
				ObjectProvider<Converter<Jwt, ? extends AbstractAuthenticationToken>> converters) {
			Converter<Jwt, ? extends AbstractAuthenticationToken> converter = converters
				.getIfAvailable(JwtAuthenticationConverter::new);
			return new JwtConnectAuthenticator(decoder, converter);
		}

	}

	/**
	 * Fails the start if tokens would not be checked. Conditions depend on the order of
	 * auto-configurations, and a class in {@code afterName} that was renamed is ignored
	 * silently: CONNECT would then accept any token and take its sender for anonymous.
	 */
	@Bean
	static SmartInitializingSingleton realtimeTokensAreChecked(ObjectProvider<JwtDecoder> decoders,
			ObjectProvider<ConnectAuthenticator> authenticators) {
		return () -> {
			if (decoders.stream().findAny().isPresent() && authenticators.stream().findAny().isEmpty()) {
				throw new UncheckedTokensException();
			}
		};
	}

}

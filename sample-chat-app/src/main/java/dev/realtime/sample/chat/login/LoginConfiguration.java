package dev.realtime.sample.chat.login;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** One kind of token for both doors. */
@Configuration(proxyBeanMethods = false)
class LoginConfiguration {

	@Bean
	Tokens tokens(@Value("${chat.secret}") String secret) {
		return new Tokens(secret);
	}

	@Bean
	TokenAuthenticator tokenAuthenticator(Tokens tokens) {
		return new TokenAuthenticator(tokens);
	}

	@Bean
	TokenFilter tokenFilter(Tokens tokens) {
		return new TokenFilter(tokens);
	}

}

package dev.realtime.sample.chat.login;

import java.nio.file.Path;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A token for HTTP, with which pages fetch the tickets that connections need. The starter
 * issues and redeems those: {@code realtime.security.tickets}.
 */
@Configuration(proxyBeanMethods = false)
class LoginConfiguration {

	@Bean
	Tokens tokens(@Value("${chat.secret:}") String secret, @Value("${chat.data:./chat-data}") Path data) {
		return new Tokens(secret.isBlank() ? LocalSecret.in(data) : secret);
	}

	@Bean
	TokenFilter tokenFilter(Tokens tokens) {
		return new TokenFilter(tokens);
	}

}

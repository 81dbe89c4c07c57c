package dev.realtime.conformance.server;

import dev.realtime.spring.security.ConnectAuthenticator;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** A service as small as one can be: the starter, and tokens that say who a user is. */
@SpringBootConfiguration
@EnableAutoConfiguration
class ConformanceApplication {

	@Bean
	static ConnectAuthenticator conformanceTokens() {
		return new TokenUsers();
	}

	@Bean
	static TokenFilter conformanceTokenFilter() {
		return new TokenFilter();
	}

}

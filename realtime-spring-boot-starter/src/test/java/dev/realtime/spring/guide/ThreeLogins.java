package dev.realtime.spring.guide;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@Configuration(proxyBeanMethods = false)
class ThreeLogins {

	/** The handshake is open: CONNECT decides who the client is. */
	private static final String[] OPEN = { "/realtime", "/realtime/realtime-client.js", "/public.html" };

	@Bean
	SecurityFilterChain http(HttpSecurity http) throws Exception {
		return http
			.authorizeHttpRequests(
					(requests) -> requests.requestMatchers(OPEN).permitAll().anyRequest().authenticated())
			.formLogin(Customizer.withDefaults())
			.build();
	}

	/** What a page needs for its POSTs, the one for tickets included. */
	@RestController
	static class Csrf {

		@GetMapping("/csrf")
		CsrfToken csrf(CsrfToken token) {
			return token;
		}

	}

}

package dev.realtime.spring.journey;

import java.util.concurrent.ConcurrentHashMap;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.session.MapSessionRepository;
import org.springframework.session.config.annotation.web.http.EnableSpringHttpSession;

/** Sessions of Spring Session, in a repository that does not report their end. */
class SpringSessionEndIT extends HttpSessionEndContract {

	SpringSessionEndIT() {
		super(Sessions.class);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableSpringHttpSession
	static class Sessions {

		@Bean
		MapSessionRepository sessionRepository() {
			return new MapSessionRepository(new ConcurrentHashMap<>());
		}

	}

}

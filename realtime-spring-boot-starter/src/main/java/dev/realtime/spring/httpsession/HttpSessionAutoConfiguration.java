package dev.realtime.spring.httpsession;

import dev.realtime.loop.Loops;
import dev.realtime.node.RealtimeNode;
import dev.realtime.spring.sessions.RealtimeSessionsAutoConfiguration;
import dev.realtime.spring.sessions.SessionDoor;
import jakarta.servlet.http.HttpSessionListener;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.core.session.SessionRegistry;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.web.socket.server.HandshakeInterceptor;

/** Connections end with the HTTP session that has started them. */
@AutoConfiguration(after = RealtimeSessionsAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({ HttpSessionListener.class, HandshakeInterceptor.class })
@ConditionalOnProperty(name = "realtime.security.end-with-http-session", matchIfMissing = true)
@ConditionalOnBean(RealtimeNode.class)
public class HttpSessionAutoConfiguration {

	/** Registered with the container because of its type. */
	@Bean
	ContainerSessions realtimeContainerSessions(SessionDoor door) {
		return new ContainerSessions(door);
	}

	@Bean(destroyMethod = "close")
	SessionChecks realtimeSessionChecks(SessionDoor door, ObjectProvider<SessionCheck> checks, Loops loops) {
		return new SessionChecks(door, () -> checks.orderedStream().toList(), loops);
	}

	/** With Spring Session. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SessionRepository.class)
	static class SpringSession {

		@Bean
		StoredSessions realtimeStoredSessions(SessionDoor door,
				ObjectProvider<SessionRepository<? extends Session>> repository) {
			return new StoredSessions(door, repository::getIfUnique);
		}

	}

	/** With Spring Security's control of concurrent sessions. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SessionRegistry.class)
	static class SpringSecurity {

		@Bean
		RegisteredSessions realtimeRegisteredSessions(ObjectProvider<SessionRegistry> registries) {
			return new RegisteredSessions(() -> registries.orderedStream().toList());
		}

	}

}

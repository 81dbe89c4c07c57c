package dev.realtime.spring.security;

import dev.realtime.spring.Destinations;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;

/** Auto-configuration of {@link TopicAccess}. */
@AutoConfiguration
@ConditionalOnProperty(name = { "realtime.enabled", "realtime.http.enabled" }, matchIfMissing = true)
public class TopicAccessAutoConfiguration {

	private static final String MESSAGE_SECURITY = "org.springframework.security.messaging.access.intercept."
			+ "MessageMatcherDelegatingAuthorizationManager";

	/** Where Spring Security's messaging is on the class path. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = MESSAGE_SECURITY)
	static class MessageSecurity {

		/** The configuration that {@code @EnableWebSocketSecurity} imports. */
		private static final String ENABLED = "org.springframework.security.config.annotation.web.socket."
				+ "WebSocketMessageBrokerSecurityConfiguration";

		@Bean
		@ConditionalOnMissingBean
		TopicAccess topicAccess(ObjectProvider<AuthorizationManager<Message<?>>> authorization,
				ObjectProvider<Destinations> known, ListableBeanFactory beans) {
			Destinations destinations = known.getIfAvailable(() -> new Destinations(() -> "/user/"));
			AuthorizationManager<Message<?>> manager = authorization.getIfAvailable();
			if (manager != null) {
				return new MessageAuthorizationTopicAccess(manager, destinations);
			}
			return isEnabled(beans) ? new MessageAuthorizationTopicAccess(authenticated(), destinations)
					: new OpenTopicAccess(beans);
		}

		private static boolean isEnabled(ListableBeanFactory beans) {
			for (String name : beans.getBeanDefinitionNames()) {
				Class<?> type = beans.getType(name, false);
				if (type != null && type.getName().startsWith(ENABLED)) {
					return true;
				}
			}
			return false;
		}

		/** What Spring Security asks for where the application says nothing. */
		private static AuthorizationManager<Message<?>> authenticated() {
			return MessageMatcherDelegatingAuthorizationManager.builder().anyMessage().authenticated().build();
		}

	}

	/** Where it is not: the application's HTTP security decides alone. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass(MESSAGE_SECURITY)
	static class NoMessageSecurity {

		@Bean
		@ConditionalOnMissingBean
		TopicAccess topicAccess(BeanFactory beans) {
			return new OpenTopicAccess(beans);
		}

	}

}

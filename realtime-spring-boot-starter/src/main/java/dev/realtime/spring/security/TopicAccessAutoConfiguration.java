package dev.realtime.spring.security;

import java.time.Clock;

import javax.crypto.spec.SecretKeySpec;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import dev.realtime.TopicPolicies;
import dev.realtime.spring.ConditionalOnConnections;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.InvalidRealtimePropertyException;
import dev.realtime.spring.RealtimeAutoConfiguration;
import dev.realtime.spring.RealtimeProperties;
import dev.realtime.spring.RightsProperties;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.messaging.Message;
import org.springframework.security.access.hierarchicalroles.RoleHierarchy;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;

/** Auto-configuration of {@link TopicAccess} and {@link TopicAuthorization}. */
@AutoConfiguration(after = RealtimeAutoConfiguration.class)
@ConditionalOnProperty(name = "realtime.enabled", matchIfMissing = true)
@ConditionalOnBean(TopicPolicies.class)
@ConditionalOnConnections
@EnableConfigurationProperties({ RealtimeProperties.class, RightsProperties.class })
public class TopicAccessAutoConfiguration {

	private static final String MESSAGE_SECURITY = "org.springframework.security.messaging.access.intercept."
			+ "MessageMatcherDelegatingAuthorizationManager";

	@Bean
	InboundInterceptors realtimeInboundInterceptors(BeanFactory beans) {
		return new InboundInterceptors(beans);
	}

	@Bean
	TopicAuthorization realtimeTopicAuthorization(TopicPolicies policies, ObjectProvider<Destinations> destinations,
			RealtimeProperties properties, ObjectProvider<Users> users, TopicAccess access, RightsProperties rights,
			ObjectProvider<UserGrants> grants, ObjectProvider<SubscriptionGrants> subscriptions) {
		Users known = users.getIfAvailable(Users::new);
		return new TopicAuthorization(policies, of(destinations), new AccessRules(properties, known), access, known,
				rights.tokenGrants() ? grants.getIfAvailable(TopicAccessAutoConfiguration::noGrants) : UserGrants.OFF,
				(rights.subscriptionSecret() != null)
						? subscriptions.getIfAvailable(TopicAccessAutoConfiguration::noSubscriptionTokens)
						: SubscriptionGrants.OFF,
				properties.unknownTopics());
	}

	@Bean
	ConnectAuthenticators realtimeConnectAuthenticators(ObjectProvider<OwnAuthenticator> own,
			ObjectProvider<ConnectAuthenticator> application) {
		return new ConnectAuthenticators(own::orderedStream, application::orderedStream);
	}

	@Bean
	AnonymousAccess realtimeAnonymousAccess(RealtimeProperties properties, ListableBeanFactory beans) {
		return new AnonymousAccess(properties.security(), beans);
	}

	@Bean
	OpenEntryPoints realtimeOpenEntryPoints(TopicAuthorization topics, AnonymousAccess anonymous,
			InboundInterceptors interceptors, RealtimeProperties properties, Environment environment) {
		return new OpenEntryPoints(topics, anonymous, interceptors, properties, environment);
	}

	private static UserGrants noGrants() {
		throw new InvalidRealtimePropertyException("realtime.security.token-grants", true,
				"needs spring-security-oauth2-jose on the class path, which reads tokens");
	}

	private static SubscriptionGrants noSubscriptionTokens() {
		throw new InvalidRealtimePropertyException("realtime.security.subscription-secret", "******",
				"needs spring-security-oauth2-jose on the class path, which makes and reads tokens");
	}

	private static Destinations of(ObjectProvider<Destinations> destinations) {
		return destinations.getIfAvailable(() -> new Destinations(() -> "/user/"));
	}

	/** Where users have authorities. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Authentication.class)
	static class SpringSecurity {

		@Bean
		Users realtimeSecurityUsers(ObjectProvider<RoleHierarchy> hierarchies) {
			return new SecurityUsers(hierarchies);
		}

	}

	/** Where users can have JWTs. */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ Jwt.class, ImmutableSecret.class })
	static class Tokens {

		@Bean
		UserGrants realtimeUserGrants(RightsProperties properties) {
			return new JwtGrants(properties.maxTokenGrants());
		}

		@Bean
		@ConditionalOnMissingBean
		@ConditionalOnProperty(name = "realtime.security.subscription-secret")
		SubscriptionTokens subscriptionTokens(RightsProperties properties) {
			return new SubscriptionTokens(new SecretKeySpec(properties.secret(), "HmacSHA256"), Clock.systemUTC());
		}

	}

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
				ObjectProvider<Destinations> destinations, InboundInterceptors interceptors,
				ListableBeanFactory beans) {
			AuthorizationManager<Message<?>> manager = authorization.getIfAvailable();
			if (manager == null && !isEnabled(beans)) {
				return new OpenTopicAccess(interceptors);
			}
			return new MessageAuthorizationTopicAccess((manager != null) ? manager : authenticated(), of(destinations),
					interceptors);
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
		TopicAccess topicAccess(InboundInterceptors interceptors) {
			return new OpenTopicAccess(interceptors);
		}

	}

}

package dev.realtime.spring.security;

import java.security.Principal;

import dev.realtime.Topic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.messaging.support.ImmutableMessageChannelInterceptor;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.web.socket.EnableWebSocketSecurity;
import org.springframework.security.messaging.access.intercept.AuthorizationChannelInterceptor;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;
import org.springframework.web.socket.config.annotation.EnableWebSocketMessageBroker;
import org.springframework.web.socket.config.annotation.StompEndpointRegistry;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class TopicAccessAutoConfigurationTests {

	private static final Topic NEWS = Topic.of("news");

	private static final Topic ROOM = Topic.of("room.42");

	private static final Topic ADMIN = Topic.of("admin");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TopicAccessAutoConfiguration.class));

	private final Principal ada = new TestingAuthenticationToken("ada", "", "ROLE_USER");

	private final Principal root = new TestingAuthenticationToken("root", "", "ROLE_ADMIN");

	@Test
	void asksTheMessageAuthorizationAboutASubscription() {
		this.runner.withUserConfiguration(MessageSecurity.class).run((context) -> {
			TopicAccess access = context.getBean(TopicAccess.class);
			assertThat(access.mayRead(null, NEWS)).isTrue();
			assertThat(access.mayRead(null, ROOM)).isFalse();
			assertThat(access.mayRead(this.ada, ROOM)).isTrue();
			assertThat(access.mayRead(this.ada, ADMIN)).isFalse();
			assertThat(access.mayRead(this.root, ADMIN)).isTrue();
			assertThat(access.mayRead(this.ada, Topic.of("other"))).isFalse();
		});
	}

	@Test
	void asksForALoginWhereWebSocketSecurityHasNoRules() {
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(TopicAccessAutoConfiguration.class))
			.withUserConfiguration(WebSocketSecurity.class)
			.run((context) -> {
				TopicAccess access = context.getBean(TopicAccess.class);
				assertThat(access.mayRead(null, NEWS)).isFalse();
				assertThat(access.mayRead(this.ada, NEWS)).isTrue();
			});
	}

	@Test
	void leavesTheDecisionToHttpWhereThereIsNoMessageAuthorization() {
		this.runner.run((context) -> assertThat(context.getBean(TopicAccess.class).mayRead(null, ROOM)).isTrue());
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.run((context) -> assertThat(context.getBean(TopicAccess.class).mayRead(null, ROOM)).isTrue());
	}

	@Test
	void rule10_deniesWhatNoRuleGrants() {
		this.runner.withUserConfiguration(SilentRules.class)
			.run((context) -> assertThat(context.getBean(TopicAccess.class).mayRead(this.root, NEWS)).isFalse());
	}

	@Test
	void rule10_deniesEverythingWhereTheRulesAreNotABean(CapturedOutput output) {
		this.runner.withBean("clientInboundChannel", ExecutorSubscribableChannel.class, () -> {
			ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();
			channel.addInterceptor(new AuthorizationChannelInterceptor(
					MessageMatcherDelegatingAuthorizationManager.builder().anyMessage().authenticated().build()));
			return channel;
		}).run((context) -> {
			assertThat(context.getBean(TopicAccess.class).mayRead(this.root, NEWS)).isFalse();
			assertThat(output).contains("is not a bean").contains("declare a TopicAccess bean");
		});
	}

	@Test
	void backsOffForTheApplicationsOwn() {
		this.runner.withUserConfiguration(MessageSecurity.class)
			.withBean("mine", TopicAccess.class, () -> (user, topic) -> false)
			.run((context) -> assertThat(context.getBean(TopicAccess.class).mayRead(this.root, NEWS)).isFalse());
	}

	@Test
	void knowsTheInterceptorsThatMayRefuseSubscriptionsUnknownToHttp() {
		this.runner.withBean("clientInboundChannel", ExecutorSubscribableChannel.class, () -> {
			ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();
			channel.addInterceptor(new ImmutableMessageChannelInterceptor());
			channel.addInterceptor(new ChannelInterceptor() {
			});
			return channel;
		}).run((context) -> {
			OpenTopicAccess access = (OpenTopicAccess) context.getBean(TopicAccess.class);
			assertThat(access.interceptors("com.example.")).singleElement()
				.asString()
				.startsWith(TopicAccessAutoConfigurationTests.class.getName());
			assertThat(access.interceptors("dev.realtime.")).isEmpty();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class SilentRules {

		@Bean
		AuthorizationManager<Message<?>> messageAuthorizationManager() {
			return MessageMatcherDelegatingAuthorizationManager.builder()
				.simpSubscribeDestMatchers("/topic/room.*")
				.permitAll()
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MessageSecurity {

		@Bean
		AuthorizationManager<Message<?>> messageAuthorizationManager() {
			return MessageMatcherDelegatingAuthorizationManager.builder()
				.simpSubscribeDestMatchers("/topic/news")
				.permitAll()
				.simpSubscribeDestMatchers("/topic/room.*")
				.authenticated()
				.simpSubscribeDestMatchers("/topic/admin")
				.hasRole("ADMIN")
				.anyMessage()
				.denyAll()
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebSocketSecurity
	@EnableWebSocketMessageBroker
	static class WebSocketSecurity implements WebSocketMessageBrokerConfigurer {

		@Override
		public void registerStompEndpoints(StompEndpointRegistry registry) {
			registry.addEndpoint("/realtime");
		}

	}

}

package dev.realtime.spring.security;

import java.security.Principal;
import java.util.List;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.spring.RightsProperties;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
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
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
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
		.withConfiguration(AutoConfigurations.of(TopicAccessAutoConfiguration.class))
		.withBean(TopicPolicies.class, () -> (topic) -> TopicPolicy.DEFAULT);

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
			.withBean(TopicPolicies.class, () -> (topic) -> TopicPolicy.DEFAULT)
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
			InboundInterceptors interceptors = context.getBean(InboundInterceptors.class);
			assertThat(interceptors.ofApplication("com.example.")).singleElement()
				.asString()
				.startsWith(TopicAccessAutoConfigurationTests.class.getName());
			assertThat(interceptors.ofApplication("dev.realtime.")).isEmpty();
		});
	}

	@Test
	void rule10_topicsThatNoRuleNamesAreClosedAsSoonAsThereIsARule(CapturedOutput output) {
		this.runner.withPropertyValues("realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.read=anyone")
			.run((context) -> {
				assertThat(read(context, null, ROOM)).isEqualTo(AccessDecision.GRANTED);
				assertThat(read(context, this.root, NEWS).reason()).isEqualTo("unknown-topic");
				assertThat(output).doesNotContain("are open");
			});
		this.runner
			.withPropertyValues("realtime.topics.rooms.pattern=room.*", "realtime.topics.rooms.read=authenticated",
					"realtime.unknown-topics=allow")
			.run((context) -> {
				assertThat(read(context, null, NEWS).granted()).isTrue();
				assertThat(read(context, null, ROOM).granted()).isFalse();
			});
		this.runner.withPropertyValues("realtime.unknown-topics=refuse")
			.withBean("mine", TopicAccess.class, () -> (user, topic) -> true)
			.run((context) -> assertThat(read(context, this.root, NEWS).reason()).isEqualTo("unknown-topic"));
	}

	@Test
	void topicsThatNothingClosesAreOpenWithOneWarning(CapturedOutput output) {
		this.runner.run((context) -> {
			assertThat(read(context, null, NEWS).granted()).isTrue();
			assertThat(output.getAll().split("Topics are open", -1)).hasSize(2);
		});
		this.runner.withPropertyValues("realtime.unknown-topics=allow").run((context) -> {
			assertThat(read(context, null, NEWS).granted()).isTrue();
			assertThat(output.getAll().split("Topics are open", -1)).hasSize(2);
		});
	}

	@Test
	void rule10_whatMessageRulesDenyNoOtherRuleGrants() {
		this.runner.withUserConfiguration(MessageSecurity.class)
			.withPropertyValues("realtime.topic-defaults.read=anyone", "realtime.topics.rooms.pattern=room.*",
					"realtime.topics.rooms.read=nobody")
			.run((context) -> {
				assertThat(read(context, this.ada, NEWS).granted()).isTrue();
				assertThat(read(context, this.ada, ADMIN).granted()).as("denied by message rules").isFalse();
				assertThat(read(context, this.ada, ROOM).granted()).as("denied by access rules").isFalse();
			});
	}

	@Test
	void aFrameThatSpringSecurityHasDecidedIsNotDecidedAgainByTheSameRules() {
		ApplicationContextRunner intercepted = this.runner.withUserConfiguration(MessageSecurity.class)
			.withBean("clientInboundChannel", ExecutorSubscribableChannel.class, () -> {
				ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();
				channel.addInterceptor(new AuthorizationChannelInterceptor(
						MessageMatcherDelegatingAuthorizationManager.builder().anyMessage().permitAll().build()));
				return channel;
			});
		intercepted.run((context) -> {
			TopicAuthorization topics = context.getBean(TopicAuthorization.class);
			assertThat(topics.decideFrame(TopicRight.READ, this.ada, ADMIN).granted()).isTrue();
			assertThat(topics.decide(TopicRight.READ, this.ada, ADMIN).granted()).isFalse();
		});
		intercepted.withPropertyValues("realtime.topic-defaults.read=nobody")
			.run((context) -> assertThat(
					context.getBean(TopicAuthorization.class).decideFrame(TopicRight.READ, this.ada, ADMIN).granted())
				.as("access rules")
				.isFalse());
		this.runner.withUserConfiguration(MessageSecurity.class)
			.run((context) -> assertThat(
					context.getBean(TopicAuthorization.class).decideFrame(TopicRight.READ, this.ada, ADMIN).granted())
				.as("no interceptor has asked the rules")
				.isFalse());
	}

	@Test
	void rule10_aUsersOwnTopicsAreForThatUserAloneAndNobodySendsToThem() {
		this.runner.withPropertyValues("realtime.topic-defaults.read=anyone", "realtime.topic-defaults.publish=anyone")
			.run((context) -> {
				Topic own = Topic.of("_user.ada.queue.x");
				assertThat(read(context, this.ada, own).granted()).isTrue();
				assertThat(read(context, this.root, own).granted()).isFalse();
				assertThat(read(context, null, own).granted()).isFalse();
				assertThat(
						context.getBean(TopicAuthorization.class).decide(TopicRight.PUBLISH, this.ada, own).granted())
					.isFalse();
			});
	}

	@Test
	void rule10_theGrantsOfATokenSayEverythingExceptWhatRulesCloseByName() {
		ApplicationContextRunner granting = this.runner.withPropertyValues("realtime.security.token-grants=true",
				"realtime.topic-defaults.read=authenticated", "realtime.topics.closed.pattern=closed.*",
				"realtime.topics.closed.read=nobody", "realtime.topics.open.pattern=open.*",
				"realtime.topics.open.read=anyone");
		Principal ada = user(Map.of("topics", List.of("order.*", "closed.*", "_user.root.*")));
		granting.run((context) -> {
			assertThat(read(context, ada, Topic.of("order.1")).granted()).as("named").isTrue();
			assertThat(read(context, ada, Topic.of("open.1")).granted()).as("open by a rule, not named").isFalse();
			assertThat(read(context, ada, Topic.of("closed.1")).granted()).as("closed by a rule").isFalse();
			assertThat(read(context, ada, Topic.of("_user.ada.queue")).granted()).as("own").isTrue();
			assertThat(read(context, ada, Topic.of("_user.root.queue")).granted()).as("of another user").isFalse();
			assertThat(context.getBean(TopicAuthorization.class)
				.decide(TopicRight.PUBLISH, ada, Topic.of("order.1"))
				.granted()).isFalse();
			assertThat(context.getBean(TopicAuthorization.class)
				.decide(TopicRight.MEMBERS, ada, Topic.of("order.1"))
				.granted()).isFalse();
			assertThat(read(context, user(Map.of()), Topic.of("open.1")).granted()).as("no claim").isTrue();
			AccessDecision malformed = read(context, user(Map.of("topics", "order.1")), Topic.of("order.1"));
			assertThat(malformed.reason()).isEqualTo("bad-grants");
			assertThat(malformed.sentence()).contains("not understood");
		});
		granting.withPropertyValues("realtime.topic-defaults.read=nobody", "realtime.unknown-topics=refuse")
			.run((context) -> {
				assertThat(read(context, ada, Topic.of("order.1")).granted()).as("closed by default only").isTrue();
				assertThat(read(context, ada, Topic.of("closed.1")).granted()).isFalse();
			});
		granting.withPropertyValues("realtime.security.token-grants=false").run((context) -> {
			assertThat(read(context, ada, Topic.of("open.1")).granted()).as("switched off").isTrue();
			assertThat(read(context, user(Map.of("topics", "x")), Topic.of("open.1")).granted()).isTrue();
		});
		granting.withUserConfiguration(MessageSecurity.class).run((context) -> {
			assertThat(read(context, user(Map.of("topics", List.of("news", "order.*"))), NEWS).granted()).isTrue();
			assertThat(read(context, ada, Topic.of("order.1")).granted()).as("denied by message rules").isFalse();
		});
	}

	@Test
	void rule10_aSecretThatIsTooShortStopsTheStartAndIsNotShown() {
		for (String secret : List.of("c2hvcnQ=", "not base64!", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MA==")) {
			this.runner.withPropertyValues("realtime.security.subscription-secret=" + secret)
				.run((context) -> assertThat(context).getFailure()
					.rootCause()
					.hasMessageContaining("realtime.security.subscription-secret")
					.hasMessageContaining("32 random bytes")
					.hasMessageNotContaining(secret));
		}
		this.runner
			.withPropertyValues("realtime.security.subscription-secret=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
			.run((context) -> assertThat(context.getBean(RightsProperties.class).toString()).doesNotContain("MDEy"));
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(SubscriptionTokens.class));
		this.runner
			.withPropertyValues("realtime.security.subscription-secret=MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
			.withClassLoader(new FilteredClassLoader("org.springframework.security.oauth2"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("spring-security-oauth2-jose"));
	}

	@Test
	void grantsOfTokensNeedWhatReadsTokens() {
		this.runner.withPropertyValues("realtime.security.token-grants=true")
			.withClassLoader(new FilteredClassLoader("org.springframework.security.oauth2"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("realtime.security.token-grants"));
	}

	private static Principal user(Map<String, Object> claims) {
		return new JwtAuthenticationToken(Jwt.withTokenValue("token-" + claims.hashCode())
			.header("alg", "none")
			.subject("ada")
			.claims((all) -> all.putAll(claims))
			.build(), List.of());
	}

	private static AccessDecision read(ApplicationContext context, @Nullable Principal user, Topic topic) {
		return context.getBean(TopicAuthorization.class).decide(TopicRight.READ, user, topic);
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

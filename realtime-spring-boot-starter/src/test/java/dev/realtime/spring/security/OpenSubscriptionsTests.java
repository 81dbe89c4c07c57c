package dev.realtime.spring.security;

import java.security.Principal;
import java.util.Map;

import dev.realtime.Topic;
import dev.realtime.TopicPolicies;
import dev.realtime.TopicPolicy;
import dev.realtime.spring.RefusedException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.ExecutorSubscribableChannel;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.messaging.access.intercept.AuthorizationChannelInterceptor;
import org.springframework.security.messaging.access.intercept.MessageMatcherDelegatingAuthorizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What is decided again about subscriptions that are open. */
class OpenSubscriptionsTests {

	private static final Topic ROOM = Topic.of("room.42");

	private static final Topic ADMIN = Topic.of("admin");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(TopicAccessAutoConfiguration.class))
		.withBean(TopicPolicies.class, () -> (topic) -> TopicPolicy.DEFAULT);

	private final Principal ada = new TestingAuthenticationToken("ada", "", "ROLE_USER");

	@Test
	void anOpenSubscriptionIsDecidedByTheSameRulesWithTheAttributesOfItsSession() {
		this.runner.withUserConfiguration(TopicAccessAutoConfigurationTests.MessageSecurity.class).run((context) -> {
			assertThat(again(context, this.ada, ROOM)).isTrue();
			assertThat(again(context, null, ROOM)).isFalse();
			assertThat(again(context, this.ada, ADMIN)).isFalse();
		});
		this.runner
			.withBean("rules", AuthorizationManager.class,
					() -> (AuthorizationManager<Message<?>>) (user,
							message) -> new AuthorizationDecision(Map.of("tenant", "a")
								.equals(SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders()))))
			.run((context) -> {
				TopicAuthorization topics = context.getBean(TopicAuthorization.class);
				assertThat(topics.decideAgain(this.ada, ROOM, Map.of("tenant", "a"), null).granted()).isTrue();
				assertThat(topics.decideAgain(this.ada, ROOM, Map.of("tenant", "b"), null).granted()).isFalse();
			});
	}

	@Test
	void anOpenSubscriptionStaysWhereItsRulesCannotBeAsked() {
		this.runner.withBean("clientInboundChannel", ExecutorSubscribableChannel.class, () -> {
			ExecutorSubscribableChannel channel = new ExecutorSubscribableChannel();
			channel.addInterceptor(new AuthorizationChannelInterceptor(
					MessageMatcherDelegatingAuthorizationManager.builder().anyMessage().authenticated().build()));
			return channel;
		}).run((context) -> assertThat(again(context, this.ada, ROOM)).isTrue());
	}

	@Test
	void anOpenSubscriptionIsDecidedWithTheUserInSpringSecuritysContext() {
		this.runner
			.withBean("mine", TopicAccess.class,
					() -> (user, topic) -> SecurityContextHolder.getContext().getAuthentication() == this.ada)
			.run((context) -> {
				assertThat(again(context, this.ada, ROOM)).isTrue();
				assertThat(again(context, null, ROOM)).isFalse();
				assertThat(SecurityContextHolder.getContext().getAuthentication()).isNull();
			});
	}

	@Test
	void rule10_anExceptionThatMeansNoEndsAnOpenSubscriptionAndAnyOtherIsAFailure() {
		this.runner.withBean("mine", TopicAccess.class, () -> (user, topic) -> {
			throw new AccessDeniedException("no");
		}).run((context) -> assertThat(again(context, this.ada, ROOM)).isFalse());
		this.runner.withBean("mine", TopicAccess.class, () -> (user, topic) -> {
			throw new RefusedException("no", "No");
		}).run((context) -> assertThat(again(context, this.ada, ROOM)).isFalse());
		this.runner.withBean("mine", TopicAccess.class, () -> (user, topic) -> {
			throw new IllegalStateException("on purpose");
		})
			.run((context) -> assertThatIllegalStateException().isThrownBy(() -> again(context, this.ada, ROOM))
				.withMessage("on purpose"));
	}

	private static boolean again(ApplicationContext context, @Nullable Principal user, Topic topic) {
		return context.getBean(TopicAuthorization.class).decideAgain(user, topic, Map.of(), null).granted();
	}

}

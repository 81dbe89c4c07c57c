package dev.realtime.spring.compat;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.config.ChannelRegistration;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.web.socket.config.annotation.WebSocketMessageBrokerConfigurer;

/**
 * What an application adds when its clients no longer pass a servlet filter: the CONNECT
 * frame says who comes.
 */
@Configuration(proxyBeanMethods = false)
class LoginByConnect {

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	WebSocketMessageBrokerConfigurer login(UserDetailsService users) {
		return new WebSocketMessageBrokerConfigurer() {

			@Override
			public void configureClientInboundChannel(ChannelRegistration registration) {
				registration.interceptors(new Login(users));
			}

		};
	}

	private record Login(UserDetailsService users) implements ChannelInterceptor {

		@Override
		public Message<?> preSend(Message<?> message, MessageChannel channel) {
			@Nullable StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
			if (headers != null && headers.getCommand() == StompCommand.CONNECT) {
				@Nullable String agent = headers.getFirstNativeHeader("X-Agent");
				Objects.requireNonNull(headers.getSessionAttributes())
					.put("agent", (agent != null) ? agent : "unknown");
				@Nullable String name = headers.getLogin();
				if (name != null) {
					UserDetails user = this.users.loadUserByUsername(name);
					headers
						.setUser(UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities()));
				}
			}
			return message;
		}

	}

}

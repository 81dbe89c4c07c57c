package dev.realtime.bench.server;

import java.security.Principal;

import dev.realtime.spring.security.ConnectRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;

/** Believes the name in CONNECT: user registry and presence are part of the load. */
final class LoginNames implements ChannelInterceptor {

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		@Nullable StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		if (headers != null && headers.getMessageType() == SimpMessageType.CONNECT && headers.getLogin() != null) {
			headers.setUser(new Name(headers.getLogin()));
		}
		return message;
	}

	/** The same, asked by the starter. */
	static @Nullable Principal user(ConnectRequest connect) {
		return (connect.login() != null) ? new Name(connect.login()) : null;
	}

	private record Name(String name) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

}

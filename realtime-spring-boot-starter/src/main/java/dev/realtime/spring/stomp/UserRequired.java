package dev.realtime.spring.stomp;

import dev.realtime.hub.CloseReason;
import dev.realtime.hub.Hub;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ChannelInterceptor;

/**
 * Stands last on the inbound channel, where every other interceptor has had its chance to
 * say who the client is, and refuses the CONNECT of nobody. Spring hands on nothing else
 * of a connection whose CONNECT went no further than this.
 */
final class UserRequired implements ChannelInterceptor {

	private static final CloseReason NOBODY = CloseReason.policy("no-user");

	private final Hub hub;

	UserRequired(Hub hub) {
		this.hub = hub;
	}

	@Override
	public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
		if (SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) != SimpMessageType.CONNECT
				|| SimpMessageHeaderAccessor.getUser(message.getHeaders()) != null) {
			return message;
		}
		String session = String.valueOf(SimpMessageHeaderAccessor.getSessionId(message.getHeaders()));
		Refusals.refuseConnect(this.hub.connection(session), NOBODY,
				"Only known users may connect; send credentials with CONNECT");
		return null;
	}

}

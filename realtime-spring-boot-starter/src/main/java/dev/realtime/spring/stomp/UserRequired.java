package dev.realtime.spring.stomp;

import java.util.concurrent.atomic.AtomicBoolean;

import dev.realtime.connection.CloseReason;
import dev.realtime.connection.Connection;
import dev.realtime.hub.Hub;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

	private static final Logger logger = LoggerFactory.getLogger(UserRequired.class);

	private final Hub hub;

	private final AtomicBoolean told = new AtomicBoolean();

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
		refuse(this.hub.connection(session));
		return null;
	}

	/** Refuses an anonymous CONNECT. */
	void refuse(@Nullable Connection connection) {
		if (this.told.compareAndSet(false, true)) {
			logger.warn("Refused a client without a known user. Further such clients are refused without being "
					+ "logged; to let them connect, set realtime.security.anonymous=true");
		}
		Refusals.refuseConnect(connection, NOBODY, "Only known users may connect; send credentials with CONNECT");
	}

}

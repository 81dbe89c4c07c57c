package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.Map;
import java.util.function.Supplier;

import dev.realtime.connection.Connection;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;

/**
 * Who sends a frame, whether that is a Spring message or not.
 *
 * @param user the user of the session when the frame came, or null
 * @param attributes the session's; null where they are not known
 */
record Sender(Connection connection, @Nullable Principal user, @Nullable Map<String, Object> attributes) {

	/** The sender of a client's message. */
	static Sender of(Message<?> message, Connection connection) {
		return new Sender(connection, SimpMessageHeaderAccessor.getUser(message.getHeaders()),
				SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders()));
	}

	/** Returns what tells the user of the session, now and after renewals. */
	Supplier<@Nullable Principal> currentUser() {
		return () -> RenewedUser.of(this.attributes, this.user);
	}

}

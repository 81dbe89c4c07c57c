package dev.realtime.spring.stomp;

import java.security.Principal;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * The user of a session as the latest renewal of its credentials says. Spring's STOMP
 * support keeps the user of CONNECT for all frames of a session, so the renewed one is
 * kept among the session's attributes and put into each later frame. It has the same name
 * and may have other authorities.
 */
final class RenewedUser {

	private static final String ATTRIBUTE = "dev.realtime.renewed-user";

	private RenewedUser() {
	}

	static void keep(Map<String, Object> attributes, Principal user) {
		attributes.put(ATTRIBUTE, user);
	}

	/** Puts the renewed user, if there is one, into a frame that can be changed. */
	static void apply(Message<?> message) {
		Principal renewed = find(message);
		if (renewed != null) {
			SimpMessageHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message,
					SimpMessageHeaderAccessor.class);
			if (headers != null && headers.isMutable()) {
				headers.setUser(renewed);
			}
		}
	}

	/**
	 * Returns the user of the session with these attributes.
	 * @param user as whom the client has connected
	 */
	static @Nullable Principal of(@Nullable Map<String, Object> attributes, @Nullable Principal user) {
		Principal renewed = find(attributes);
		return (renewed != null) ? renewed : user;
	}

	private static @Nullable Principal find(Message<?> message) {
		return find(SimpMessageHeaderAccessor.getSessionAttributes(message.getHeaders()));
	}

	private static @Nullable Principal find(@Nullable Map<String, Object> attributes) {
		return (attributes != null) ? (Principal) attributes.get(ATTRIBUTE) : null;
	}

}

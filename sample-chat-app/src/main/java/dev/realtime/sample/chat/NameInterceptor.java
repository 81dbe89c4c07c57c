package dev.realtime.sample.chat;

import java.security.Principal;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;

/**
 * Everybody is who they say they are: the {@code login} of the CONNECT frame becomes the
 * user. A real application has a login, and Spring Security's user is taken by itself.
 */
class NameInterceptor implements ChannelInterceptor {

	private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,23}");

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		StompHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		if (frame != null && StompCommand.CONNECT.equals(frame.getCommand())) {
			frame.setUser(new Named(checked(frame.getLogin())));
		}
		return message;
	}

	private static String checked(@Nullable String name) {
		if (name == null || !NAME.matcher(name).matches()) {
			throw new RefusedException(
					"CONNECT needs your name in its login header: 1 to 24 letters, digits, blanks or . _ -");
		}
		return name;
	}

	/**
	 * A user.
	 *
	 * @param name as typed
	 */
	record Named(String name) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

}

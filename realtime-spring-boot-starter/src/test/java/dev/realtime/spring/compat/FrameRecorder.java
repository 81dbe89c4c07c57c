package dev.realtime.spring.compat;

import java.security.Principal;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;

/** An application's interceptor: sees each frame, changes some, drops some. */
class FrameRecorder implements ChannelInterceptor {

	private final List<String> frames = new CopyOnWriteArrayList<>();

	@Override
	public @Nullable Message<?> preSend(Message<?> message, MessageChannel channel) {
		@Nullable StompHeaderAccessor headers = MessageHeaderAccessor.getAccessor(message, StompHeaderAccessor.class);
		if (headers == null || headers.getCommand() == null) {
			return message;
		}
		@Nullable Principal user = headers.getUser();
		this.frames.add(((user != null) ? user.getName() : "nobody") + " " + headers.getCommand() + " "
				+ Objects.requireNonNullElse(headers.getDestination(), "-"));
		if ("gloomy".equals(headers.getFirstNativeHeader("mood"))) {
			headers.setNativeHeader("mood", "brave");
		}
		return (headers.getFirstNativeHeader("drop") != null) ? null : message;
	}

	List<String> of(String user) {
		return this.frames.stream()
			.filter((frame) -> frame.startsWith(user + " "))
			.map((frame) -> frame.substring(user.length() + 1))
			.toList();
	}

}

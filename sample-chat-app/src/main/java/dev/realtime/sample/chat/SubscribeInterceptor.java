package dev.realtime.sample.chat;

import dev.realtime.Topic;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.security.ReadAccess;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ChannelInterceptor;

/**
 * The lock on STOMP's door: what {@link ChatAccess} does not let somebody read over HTTP,
 * they cannot subscribe to. Destinations of users and of application code lead to no
 * topic of others. With Spring Security messaging its rules do this, and HTTP asks them.
 */
class SubscribeInterceptor implements ChannelInterceptor {

	private static final String TOPICS = "/topic/";

	private final ReadAccess access;

	private final Destinations destinations;

	SubscribeInterceptor(ReadAccess access, Destinations destinations) {
		this.access = access;
		this.destinations = destinations;
	}

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		SimpMessageHeaderAccessor frame = SimpMessageHeaderAccessor.wrap(message);
		String destination = frame.getDestination();
		if (frame.getMessageType() == SimpMessageType.SUBSCRIBE && destination != null && !isOnesOwn(destination)) {
			Topic topic = this.destinations.topic(destination);
			if (!destination.startsWith(TOPICS) || !this.access.mayRead(frame.getUser(), topic)) {
				throw new RefusedException("You may not read " + destination);
			}
		}
		return message;
	}

	private boolean isOnesOwn(String destination) {
		return destination.startsWith(this.destinations.userPrefix()) || destination.startsWith("/app/")
				|| destination.startsWith("/realtime/");
	}

}

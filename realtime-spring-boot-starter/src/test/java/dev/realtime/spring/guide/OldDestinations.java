package dev.realtime.spring.guide;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.messaging.support.MessageHeaderAccessor;

/** Takes /topic/room/42 of old clients for /topic/room.42. */
class OldDestinations implements ChannelInterceptor {

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		SimpMessageHeaderAccessor frame = MessageHeaderAccessor.getAccessor(message, SimpMessageHeaderAccessor.class);
		String destination = (frame != null) ? frame.getDestination() : null;
		if (frame != null && destination != null && frame.getMessageType() == SimpMessageType.SUBSCRIBE
				&& destination.startsWith("/topic/")) {
			frame.setDestination("/topic/" + destination.substring(7).replace('/', '.'));
		}
		return message;
	}

}

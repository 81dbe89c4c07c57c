package dev.realtime.spring.stomp;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.MessageDeliveryException;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.util.function.SingletonSupplier;

/**
 * Stands on the broker channel and refuses what the application sends to a destination
 * that nothing takes, in the thread that sends it: such a message would be lost without a
 * word.
 */
final class ServerSends implements ChannelInterceptor {

	private final Supplier<@Nullable RealtimeBrokerMessageHandler> broker;

	/**
	 * Makes an interceptor.
	 * @param broker asked at the first message; gives null where the application does not
	 * use our broker
	 */
	ServerSends(Supplier<@Nullable RealtimeBrokerMessageHandler> broker) {
		this.broker = SingletonSupplier.ofNullable(broker);
	}

	@Override
	public Message<?> preSend(Message<?> message, MessageChannel channel) {
		RealtimeBrokerMessageHandler known = this.broker.get();
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		boolean sent = SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) == SimpMessageType.MESSAGE;
		if (known != null && sent && destination != null && !isTaken(known.brokerDestinations(), destination)) {
			throw new MessageDeliveryException(message, known.brokerDestinations().sentence(destination));
		}
		return message;
	}

	private static boolean isTaken(KnownDestinations known, String destination) {
		if (known.topics().match(destination)) {
			return true;
		}
		if (destination.startsWith(known.userPrefix())) {
			int slash = destination.indexOf('/', known.userPrefix().length());
			if (slash < 0 || known.topics().matchPersonal(destination.substring(slash))) {
				// Without a name it is refused where it is published, with another
				// sentence.
				return true;
			}
		}
		return known.isForApplication(SimpMessageType.MESSAGE, destination);
	}

}

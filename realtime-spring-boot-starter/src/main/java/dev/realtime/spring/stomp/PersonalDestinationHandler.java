package dev.realtime.spring.stomp;

import java.util.function.Supplier;

import dev.realtime.Topic;
import dev.realtime.spring.Destinations;
import dev.realtime.spring.offline.OfflineMessages;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.SubscribableChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.simp.SimpMessageType;
import org.springframework.messaging.simp.user.UserDestinationMessageHandler;
import org.springframework.messaging.simp.user.UserDestinationResolver;
import org.springframework.util.function.SingletonSupplier;

/**
 * Takes what is sent to a user to that user's own topic, so that it reaches them on
 * whichever node they are. What is meant for one session stays with Spring's resolver.
 */
final class PersonalDestinationHandler extends UserDestinationMessageHandler implements InboundFrames.FromClients {

	private final RealtimeBrokerMessageHandler broker;

	private final InboundFrames inbound;

	private final Destinations destinations;

	/** Knows the sessions of gateways; null where none are taken. */
	private final Supplier<@Nullable ForwardedFrames> forwarded;

	/** Null where the application does not ask for users who are offline. */
	private final @Nullable Supplier<OfflineMessages> offline;

	PersonalDestinationHandler(SubscribableChannel inboundChannel, SubscribableChannel brokerChannel,
			UserDestinationResolver resolver, RealtimeBrokerMessageHandler broker, InboundFrames inbound,
			Destinations destinations, Supplier<@Nullable ForwardedFrames> forwarded,
			@Nullable Supplier<OfflineMessages> offline) {
		super(inboundChannel, brokerChannel, resolver);
		this.broker = broker;
		this.inbound = inbound;
		this.destinations = destinations;
		this.forwarded = SingletonSupplier.ofNullable(forwarded);
		this.offline = offline;
	}

	/** As {@link dev.realtime.spring.NodePart}. */
	public boolean isPauseable() {
		return false;
	}

	@Override
	public void handleMessage(Message<?> message) {
		String destination = SimpMessageHeaderAccessor.getDestination(message.getHeaders());
		SimpMessageType type = SimpMessageHeaderAccessor.getMessageType(message.getHeaders());
		if (type != SimpMessageType.MESSAGE || destination == null
				|| !destination.startsWith(this.destinations.userPrefix())) {
			// What Spring resolves goes on to the broker in this thread: not a client's
			// frame there.
			this.inbound.handedOn();
			super.handleMessage(message);
		}
		else if (this.inbound.isFromClient()) {
			this.broker.refuseSend(message, destination);
		}
		else if (SimpMessageHeaderAccessor.getSessionId(message.getHeaders()) != null) {
			ForwardedFrames gateways = this.forwarded.get();
			if (gateways == null || !gateways.tells(message, destination)) {
				super.handleMessage(message);
			}
		}
		else {
			publish(message, destination.substring(this.destinations.userPrefix().length()));
		}
	}

	private void publish(Message<?> message, String userAndDestination) {
		int slash = userAndDestination.indexOf('/');
		if (slash <= 0) {
			throw new IllegalArgumentException("A user destination looks like /user/{name}/queue/notifications");
		}
		String user = userAndDestination.substring(0, slash).replace("%2F", "/");
		String destination = userAndDestination.substring(slash);
		Topic topic = this.destinations.personal(user, destination);
		Supplier<OfflineMessages> messages = this.offline;
		if (messages == null) {
			this.broker.publish(message, topic);
		}
		else {
			this.broker.publish(message, topic, (stored) -> messages.get().stored(user, destination, stored));
		}
	}

}

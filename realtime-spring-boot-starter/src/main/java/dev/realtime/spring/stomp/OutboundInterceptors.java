package dev.realtime.spring.stomp;

import java.util.List;

import dev.realtime.TopicMessage;
import dev.realtime.hub.ChannelFallback;
import dev.realtime.hub.Hub;
import dev.realtime.hub.Subscriber;
import dev.realtime.spring.Destinations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.messaging.simp.stomp.StompCommand;
import org.springframework.messaging.simp.stomp.StompHeaderAccessor;
import org.springframework.messaging.support.AbstractMessageChannel;
import org.springframework.messaging.support.MessageBuilder;
import org.springframework.util.MimeTypeUtils;

/**
 * Topic messages do not pass the outbound channel. Where the application has registered
 * interceptors of its own there, they must: each message is then sent through the channel
 * for each subscriber, as the simple broker does, at the simple broker's cost.
 */
final class OutboundInterceptors implements ChannelFallback, SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(OutboundInterceptors.class);

	private final Hub hub;

	private final AbstractMessageChannel outbound;

	private final Destinations destinations;

	OutboundInterceptors(Hub hub, AbstractMessageChannel outbound, Destinations destinations) {
		this.hub = hub;
		this.outbound = outbound;
		this.destinations = destinations;
	}

	@Override
	public void afterSingletonsInstantiated() {
		List<String> own = this.outbound.getInterceptors()
			.stream()
			.map((interceptor) -> interceptor.getClass().getName())
			.filter((name) -> !name.startsWith("org.springframework."))
			.toList();
		if (!own.isEmpty()) {
			logger.warn("Topic messages go through the client outbound channel, one by one for each subscriber, "
					+ "because the application registered interceptors there: {}. Without them delivery is many "
					+ "times faster", own);
			this.hub.fallBackTo(this);
		}
	}

	@Override
	public void send(TopicMessage message, Subscriber subscriber) {
		StompHeaderAccessor headers = StompHeaderAccessor.create(StompCommand.MESSAGE);
		headers.setSessionId(subscriber.connection().id());
		headers.setSubscriptionId(subscriber.id());
		headers.setDestination(this.destinations.of(message.topic()));
		headers.setMessageId(message.position().toString());
		headers.setContentType(MimeTypeUtils.parseMimeType(message.content().contentType()));
		message.content().headers().forEach(headers::setNativeHeader);
		headers.setNativeHeader("epoch", message.position().epoch());
		headers.setNativeHeader("seq", Long.toString(message.seq()));
		headers.setNativeHeader("timestamp", Long.toString(message.timestamp()));
		setIfThere(headers, "id", message.id());
		setIfThere(headers, "type", message.content().type());
		headers.setLeaveMutable(true);
		byte[] payload = new byte[message.content().size()];
		message.content().payload().get(payload);
		this.outbound.send(MessageBuilder.createMessage(payload, headers.getMessageHeaders()));
	}

	private static void setIfThere(StompHeaderAccessor headers, String name, @Nullable String value) {
		if (value != null) {
			headers.setNativeHeader(name, value);
		}
	}

}

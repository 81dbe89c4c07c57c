package dev.realtime.spring.journey;

import java.security.Principal;
import java.util.List;
import java.util.Queue;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.simp.SimpMessageHeaderAccessor;
import org.springframework.messaging.support.AbstractSubscribableChannel;
import org.springframework.messaging.support.ChannelInterceptor;
import org.springframework.web.socket.messaging.AbstractSubProtocolEvent;
import org.springframework.web.socket.messaging.SessionConnectEvent;
import org.springframework.web.socket.messaging.SessionConnectedEvent;
import org.springframework.web.socket.messaging.SessionDisconnectEvent;
import org.springframework.web.socket.messaging.SessionSubscribeEvent;
import org.springframework.web.socket.messaging.SessionUnsubscribeEvent;

/** What may look at clients' frames. */
enum FrameWatcher {

	INTERCEPTOR, HANDLER, OUTBOUND_INTERCEPTOR, CONNECT_LISTENER, CONNECTED_LISTENER, SUBSCRIBE_LISTENER,
	UNSUBSCRIBE_LISTENER, LISTENER_FOR_ALL, DISCONNECT_LISTENER;

	/** What it sees of a client that connects, subscribes, sends and leaves. */
	List<String> expected() {
		return switch (this) {
			case INTERCEPTOR, HANDLER -> List.of("CONNECT ann", "SUBSCRIBE ann", "MESSAGE ann", "UNSUBSCRIBE ann");
			case OUTBOUND_INTERCEPTOR, CONNECTED_LISTENER -> List.of("CONNECT_ACK ann");
			case CONNECT_LISTENER -> List.of("CONNECT ann");
			case SUBSCRIBE_LISTENER -> List.of("SUBSCRIBE ann");
			case UNSUBSCRIBE_LISTENER -> List.of("UNSUBSCRIBE ann");
			case LISTENER_FOR_ALL ->
				List.of("CONNECT_ACK ann", "CONNECT ann", "SUBSCRIBE ann", "UNSUBSCRIBE ann", "DISCONNECT ann");
			case DISCONNECT_LISTENER -> List.of("DISCONNECT ann");
		};
	}

	void add(ConfigurableApplicationContext node, Queue<String> seen) {
		switch (this) {
			case INTERCEPTOR -> ShortPathContract.inbound(node).addInterceptor(interceptor(seen));
			case HANDLER -> {
				boolean unused = ShortPathContract.inbound(node).subscribe((message) -> seen.add(told(message)));
			}
			case OUTBOUND_INTERCEPTOR -> node.getBean("clientOutboundChannel", AbstractSubscribableChannel.class)
				.addInterceptor(interceptor(seen));
			case CONNECT_LISTENER -> listen(node, SessionConnectEvent.class, seen);
			case CONNECTED_LISTENER -> listen(node, SessionConnectedEvent.class, seen);
			case SUBSCRIBE_LISTENER -> listen(node, SessionSubscribeEvent.class, seen);
			case UNSUBSCRIBE_LISTENER -> listen(node, SessionUnsubscribeEvent.class, seen);
			case LISTENER_FOR_ALL -> listen(node, AbstractSubProtocolEvent.class, seen);
			case DISCONNECT_LISTENER -> listen(node, SessionDisconnectEvent.class, seen);
		}
	}

	private static ChannelInterceptor interceptor(Queue<String> seen) {
		return new ChannelInterceptor() {

			@Override
			public Message<?> preSend(Message<?> message, MessageChannel channel) {
				seen.add(told(message));
				return message;
			}

		};
	}

	private static void listen(ConfigurableApplicationContext node, Class<? extends AbstractSubProtocolEvent> type,
			Queue<String> seen) {
		node.addApplicationListener(new SmartApplicationListener() {

			@Override
			public boolean supportsEventType(Class<? extends ApplicationEvent> event) {
				return type.isAssignableFrom(event);
			}

			@Override
			public void onApplicationEvent(ApplicationEvent event) {
				seen.add(told(((AbstractSubProtocolEvent) event).getMessage()));
			}

		});
	}

	private static String told(Message<?> message) {
		Principal user = SimpMessageHeaderAccessor.getUser(message.getHeaders());
		return SimpMessageHeaderAccessor.getMessageType(message.getHeaders()) + " "
				+ ((user != null) ? user.getName() : "nobody");
	}

}
